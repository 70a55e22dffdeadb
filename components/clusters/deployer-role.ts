import type { types } from "@pulumi/kubernetes";
import {
  deployableKinds,
  derivedKinds,
  observabilityKinds,
  observedResources,
  type DeployableKind,
} from "../argo-cd/deployable-kinds";

type PolicyRule = types.input.rbac.v1.PolicyRule;

const readVerbs = ["get", "list", "watch"];
const writeVerbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

function rulesByGroup(kinds: readonly { group: string; resource: string }[], verbs: string[]): PolicyRule[] {
  const groups = [...new Set(kinds.map(({ group }) => group))];
  return groups.map((group) => ({
    apiGroups: [group],
    resources: kinds.filter((kind) => kind.group === group).map(({ resource }) => resource),
    verbs,
  }));
}

/** Rules that let Argo CD write the given kinds of one namespace, and nothing else. */
function writerRules(kinds: readonly DeployableKind[]): PolicyRule[] {
  return rulesByGroup(kinds, writeVerbs);
}

/** Rules for the account with which Argo CD delivers services: exactly what the AppProject accepts, and no Secret. */
export const deployerRules: PolicyRule[] = [
  ...writerRules(deployableKinds),
  ...rulesByGroup(observedResources, readVerbs),
];

// On the hub Argo CD watches its own namespace and those of services. A kind that it may not list in one of them is left
// out of its cache in all, and every object of that kind is shown as Unknown. So each namespace lets it read what it
// writes in the other.
const servicesRead: PolicyRule[] = rulesByGroup([...deployableKinds, ...derivedKinds], readVerbs);
const applicationsRead: PolicyRule[] = rulesByGroup(
  [{ group: "argoproj.io", resource: "applications" }],
  readVerbs,
);

/** Rules for a namespace of services on the hub. */
export const hubDeployerRules: PolicyRule[] = [...deployerRules, ...applicationsRead];

/** Rules for the namespace of Argo CD itself, where it delivers what the platform team observes it with. */
export const observabilityRules: PolicyRule[] = [...writerRules(observabilityKinds), ...servicesRead];
