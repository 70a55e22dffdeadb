import * as pulumi from "@pulumi/pulumi";

/** Says of every object which stack has made it. */
export const stackLabel = "gitops-platform/stack";

function isTree(value: unknown): value is Record<string, unknown> {
  return (
    value !== null && typeof value === "object" && !Array.isArray(value) && !pulumi.Output.isInstance(value)
  );
}

/**
 * Labels every object of a component, those of its charts too, with the stack. After a killed update
 * `npx platform recover` takes in what bears the stack's label and nothing of anybody else's.
 * https://www.pulumi.com/docs/iac/concepts/resources/options/transforms/
 */
export function labelledWith(stack: string): pulumi.ResourceTransform {
  return ({ type, props, opts }) => {
    const { metadata } = props as { metadata?: unknown };
    // What has no metadata is no object: a chart, a release, a component.
    if (!type.startsWith("kubernetes:") || !isTree(metadata)) return undefined;
    const { labels } = metadata;
    if (labels !== undefined && labels !== null && !isTree(labels)) return undefined;
    return {
      props: { ...props, metadata: { ...metadata, labels: { ...labels, [stackLabel]: stack } } },
      opts,
    };
  };
}
