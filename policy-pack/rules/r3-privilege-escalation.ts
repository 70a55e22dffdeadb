import { allowsAny, reaches, roleRules } from "../role-rules";
import type { Rule } from "../rule";

/** Rights that turn into more rights; where no verb is listed, only one that allows every verb counts. */
const escalations = [
  {
    control: "exec",
    group: "",
    resources: ["pods/exec", "pods/attach"],
    verbs: ["create", "get"],
    can: "run commands in every pod",
  },
  {
    control: "nodes-proxy",
    group: "",
    resources: ["nodes/proxy"],
    verbs: ["create", "get"],
    can: "use the kubelet of every node",
  },
  {
    control: "webhooks",
    group: "admissionregistration.k8s.io",
    resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
    verbs: ["create", "update", "patch", "delete", "deletecollection"],
    can: "read and change whatever is written to the API",
  },
  {
    control: "certificates",
    group: "certificates.k8s.io",
    resources: ["certificatesigningrequests/approval"],
    verbs: ["update", "patch"],
    can: "issue a certificate for any user",
  },
  {
    control: "certificates",
    group: "certificates.k8s.io",
    resources: ["signers"],
    verbs: ["approve", "sign"],
    can: "issue a certificate for any user",
  },
  {
    control: "impersonate",
    group: "",
    resources: ["users", "groups"],
    verbs: [],
    can: "act as anybody",
  },
  {
    control: "roles",
    group: "rbac.authorization.k8s.io",
    resources: ["roles", "clusterroles"],
    verbs: [],
    can: "give itself rights that it does not have",
  },
] as const;

export const privilegeEscalation: Rule = {
  id: "R3",
  title: "No role can give itself more rights",
  severity: "critical",
  why: "Each of these rights is cluster-admin by a detour.",
  fix: "Remove the right; what needs it is exempted by name.",
  link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks",
  *check(object) {
    for (const rule of roleRules(object)) {
      for (const verb of ["escalate", "bind", "impersonate"]) {
        if (rule.verbs.includes(verb)) {
          yield { control: verb, path: `${rule.path}.verbs`, problem: `contains ${verb}` };
        }
      }
      for (const { control, group, resources, verbs, can } of escalations) {
        // What is named is meant, even under a wrong group.
        const isReached = resources.some(
          (resource) => rule.resources.includes(resource) || reaches(rule, group, resource),
        );
        if (!isReached || !allowsAny(rule, verbs)) continue;
        // Webhooks of its own, by name, are what a controller that renews their certificate writes.
        if (control === "webhooks" && rule.resourceNames.length > 0) continue;
        yield { control, path: rule.path, problem: `may ${can}` };
      }
    }
  },
};
