import { at, elements, fields, isSet, list, text, texts, type Fields } from "../fields";
import type { KubernetesObject, Rule } from "../rule";
import { SelectorIndex, selectsEverything } from "../selector";
import { podTemplates } from "../workloads";

function isPolicy(object: KubernetesObject): boolean {
  return object.kind === "NetworkPolicy" && (object.apiVersion ?? "").startsWith("networking.k8s.io/");
}

/** A policy that selects nothing by name selects every pod. */
function podSelector(policy: KubernetesObject): unknown {
  return at(policy, "spec", "podSelector") ?? {};
}

/** A policy without types is one for ingress. */
function limitsIngress(policy: KubernetesObject): boolean {
  const types = at(policy, "spec", "policyTypes");
  return !isSet(types) || texts(types).includes("Ingress");
}

/** Whether a peer is everybody: every namespace, or every address. */
function isAnybody(peer: Fields): boolean {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const everyAddress = /^(0\.0\.0\.0|::)\/0$/.test(text(at(ipBlock, "cidr")));
  return everyAddress || (!isSet(podSelector) && selectsEverything(namespaceSelector));
}

/** The rules that let anybody in, to all ports or to some. */
function openRules(policy: KubernetesObject): readonly { path: string; fields: Fields }[] {
  return elements(at(policy, "spec", "ingress"), "spec.ingress").filter(({ fields: rule }) => {
    const peers = elements(rule.from, "");
    return peers.length === 0 || peers.some((peer) => isAnybody(peer.fields));
  });
}

/** The rule that undoes a policy, if it has one: anybody may connect to any port. */
function undoing(policy: KubernetesObject): string | undefined {
  return openRules(policy).find(({ fields: rule }) => list(rule.ports).length === 0)?.path;
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
  *check(object) {
    if (!isPolicy(object) || !limitsIngress(object)) return;
    const path = undoing(object);
    if (path !== undefined && selectsEverything(podSelector(object))) {
      yield { control: "allow-all", path, problem: "lets anybody connect to every pod of the namespace" };
    }
  },
  *checkAll(objects) {
    const policies = new SelectorIndex<KubernetesObject>();
    for (const policy of objects.filter(isPolicy).filter(limitsIngress)) {
      policies.add(policy.metadata?.namespace ?? "", podSelector(policy), policy);
    }
    for (const object of objects) {
      for (const pod of podTemplates(object)) {
        const { labels } = pod.metadata;
        const selecting = policies.taking(object.metadata?.namespace ?? "", labels);
        if (!selecting.some((policy) => undoing(policy) === undefined)) {
          yield {
            object,
            control: "isolation",
            path: pod.path,
            problem: "no NetworkPolicy limits who may connect",
          };
        }
        if (!isRedis(fields(labels))) continue;
        for (const policy of selecting) {
          const [open] = openRules(policy);
          if (open)
            yield {
              object: policy,
              control: "redis",
              path: open.path,
              problem: "lets anybody connect to Redis",
            };
        }
      }
    }
  },
};
