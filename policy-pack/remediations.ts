import { podTemplatePaths } from "./workloads";

type Properties = Record<string, unknown>;

/** Sets what is missing in the properties of a resource; returns nothing where nothing is. */
type Remediation = (type: string, properties: Properties) => Properties | undefined;

const enforce = "pod-security.kubernetes.io/enforce";

/** Only what is absent is filled in: a wrong value was somebody's intention, and is refused. */
function child(parent: Properties, name: string): Properties {
  parent[name] ??= {};
  return parent[name] as Properties;
}

const seccompProfile: Remediation = (type, properties) => {
  const path = podTemplatePaths[type.split(":").at(-1)!];
  if (!path) return undefined;
  const spec = path.reduce<Properties | undefined>(
    (current, name) => current?.[name] as Properties | undefined,
    properties,
  );
  if (!spec || (spec.securityContext as Properties | undefined)?.seccompProfile !== undefined)
    return undefined;
  child(spec, "securityContext").seccompProfile = { type: "RuntimeDefault" };
  return properties;
};

const namespaceLabel: Remediation = (type, properties) => {
  if (type !== "kubernetes:core/v1:Namespace") return undefined;
  const labels = child(child(properties, "metadata"), "labels");
  if (labels[enforce] !== undefined) return undefined;
  labels[enforce] = "restricted";
  return properties;
};

/** The rules whose demand is safe to meet for the author: nothing that runs today can break in another way than by it. */
export const remediations: ReadonlyMap<string, Remediation> = new Map([
  ["W2", seccompProfile],
  ["W7", namespaceLabel],
]);
