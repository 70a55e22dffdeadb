import { fields, isOn, text, type Fields } from "../fields";
import type { Finding, Rule } from "../rule";
import { UnknownValueError } from "../unknown-value";

const dangers = [
  ["deleteUnreachable", "forgets everything while the cluster cannot be reached"],
  ["skipUpdateUnreachable", "calls an update done that never happened"],
  ["enablePatchForce", "takes fields away from whoever owns them"],
  ["upsertExistingObjects", "takes over objects of others"],
] as const;

/** A kubeconfig made during the update cannot be read before; that one is given can. */
function textOf(inputs: Fields, key: string): string {
  try {
    return text(inputs[key]);
  } catch (error) {
    if (error instanceof UnknownValueError) return "current-context: unknown";
    throw error;
  }
}

function* judge(inputs: Fields): Iterable<Finding> {
  const kubeconfig = textOf(inputs, "kubeconfig");
  const statesContext = /["']?current-context["']?\s*:\s*["']?[^\s"']/.test(kubeconfig);
  if (kubeconfig === "") {
    yield {
      control: "kubeconfig",
      path: "spec.kubeconfig",
      problem: "is not set, so that the environment chooses the cluster",
    };
  } else if (!statesContext && textOf(inputs, "context") === "") {
    yield {
      control: "kubeconfig",
      path: "spec.context",
      problem: "is not set, so that whoever changes the file chooses the cluster",
    };
  }
  if (textOf(inputs, "clusterIdentifier") === "") {
    yield {
      control: "identity",
      path: "spec.clusterIdentifier",
      problem: "is not set, so that a rotated kubeconfig replaces everything",
    };
  }
  for (const [option, problem] of dangers) {
    if (isOn(inputs[option])) yield { control: "option", path: `spec.${option}`, problem };
  }
}

export const providers: Rule = {
  id: "U2",
  title: "Every object goes to a cluster that the stack names",
  severity: "critical",
  why: "The default provider deploys to whatever cluster the shell happens to point at.",
  fix: "Pass a provider with kubeconfig, context and clusterIdentifier, and disable the default one.",
  link: "https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/",
  *check(object, { pulumi }) {
    if (!pulumi) return;
    if (object.kind === "pulumi:providers:kubernetes") {
      yield* judge(fields(object.spec));
      return;
    }
    // Other packages, such as random, have no cluster to mistake.
    const isKubernetes =
      !(object.apiVersion ?? "").startsWith("pulumi.com/") || /^kubernetes:/.test(object.kind ?? "");
    if (!isKubernetes) return;
    const isDefault = pulumi.provider !== undefined && /^default(_|$)/.test(pulumi.provider.name);
    // Components are given no provider; their children are.
    const needsOne = !(object.apiVersion ?? "").startsWith("pulumi.com/");
    if (isDefault || (needsOne && pulumi.provider === undefined)) {
      yield { control: "default", path: "", problem: "goes to the default provider" };
    }
  },
};
