import type { types } from "@pulumi/kubernetes";
import { deployableKinds, observedResources, type DeployableKind } from "../argo-cd/deployable-kinds";

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
export function writerRules(kinds: readonly DeployableKind[]): PolicyRule[] {
  return rulesByGroup(kinds, writeVerbs);
}

/** Rules for the account with which Argo CD delivers services: exactly what the AppProject accepts, and no Secret. */
export const deployerRules: PolicyRule[] = [
  ...writerRules(deployableKinds),
  ...rulesByGroup(observedResources, readVerbs),
];
