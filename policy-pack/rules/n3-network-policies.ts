import { at, elements, fields, isSet, text, texts } from "../fields";
import type { KubernetesObject, Rule } from "../rule";
import { SelectorIndex, selectsEverything } from "../selector";
import { podTemplates } from "../workloads";

function isPolicy(object: KubernetesObject): boolean {
  return object.kind === "NetworkPolicy" && (object.apiVersion ?? "").startsWith("networking.k8s.io/");
}

/** A policy without types is one for ingress. */
function limitsIngress(policy: KubernetesObject): boolean {
  const types = at(policy, "spec", "policyTypes");
  return !isSet(types) || texts(types).includes("Ingress");
}

/** Paths of the rules that let anybody in. */
function openRules(policy: KubernetesObject): string[] {
  return elements(at(policy, "spec", "ingress"), "spec.ingress")
    .filter(({ fields: rule }) => {
      const peers = elements(rule.from, "");
      const open = peers.some(
        (peer) =>
          !isSet(peer.fields.podSelector) &&
          !isSet(peer.fields.ipBlock) &&
          selectsEverything(peer.fields.namespaceSelector),
      );
      return peers.length === 0 || open;
    })
    .map((rule) => rule.path);
}

function isRedis(labels: Readonly<Record<string, unknown>>): boolean {
  return ["app.kubernetes.io/name", "app.kubernetes.io/component", "app"].some((key) =>
    /redis/.test(text(labels[key])),
  );
}

export const networkPolicies: Rule = {
  id: "N3",
  title: "Pods accept only the connections that a NetworkPolicy names",
  severity: "high",
  why: "Without isolation one broken pod reaches all others; Argo CD's Redis gave whoever reached it the cluster (CVE-2024-31989).",
  fix: "Add a NetworkPolicy with podSelector: {} and policyTypes: [Ingress] to the namespace, and one per allowed path.",
  link: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic",
  *checkAll(objects) {
    const policies = new SelectorIndex<KubernetesObject>();
    for (const policy of objects.filter(isPolicy).filter(limitsIngress)) {
      policies.add(policy.metadata?.namespace ?? "", at(policy, "spec", "podSelector"), policy);
    }
    for (const object of objects) {
      for (const pod of podTemplates(object)) {
        const { labels } = pod.metadata;
        const selecting = policies.taking(object.metadata?.namespace ?? "", labels);
        if (selecting.length === 0) {
          yield {
            object,
            control: "isolation",
            path: pod.path,
            problem: "no NetworkPolicy limits who may connect",
          };
        }
        if (!isRedis(fields(labels))) continue;
        for (const policy of selecting.filter((candidate) => openRules(candidate).length > 0)) {
          yield {
            object: policy,
            control: "redis",
            path: openRules(policy)[0]!,
            problem: "lets anybody connect to Redis",
          };
        }
      }
    }
  },
};
