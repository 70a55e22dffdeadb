import type * as pulumi from "@pulumi/pulumi";

/**
 * Keeps the definitions of a chart that has no option for it: deleting a CustomResourceDefinition deletes every object
 * of its kind. Their annotation is what charts with such an option write, and what the policy pack looks for.
 * https://www.pulumi.com/docs/iac/concepts/resources/options/transforms/
 */
export const keepDefinitions: pulumi.ResourceTransform = ({ type, props, opts }) => {
  if (type !== "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition") return undefined;
  const { metadata } = props as { metadata: { annotations?: Record<string, string> } };
  const annotations = { ...metadata.annotations, "helm.sh/resource-policy": "keep" };
  return {
    props: { ...props, metadata: { ...metadata, annotations } },
    opts: { ...opts, retainOnDelete: true },
  };
};
