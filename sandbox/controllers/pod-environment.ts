/** An environment variable of a container, as a pod's specification states it. */
export interface ContainerVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly configMapKeyRef?: KeyReference;
    readonly secretKeyRef?: KeyReference;
    readonly fieldRef?: unknown;
  };
}

interface KeyReference {
  readonly name?: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** Decoded content of the ConfigMaps and Secrets of a namespace, by name. */
export interface NamespaceData {
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Thrown where a kubelet would hold a container back: something it must have is not there yet. */
export class NotThereYet extends Error {}

function lookUp(
  kind: string,
  objects: NamespaceData["secrets"],
  reference: KeyReference,
): string | undefined {
  const value = objects[reference.name ?? ""]?.[reference.key];
  if (value === undefined && !reference.optional) {
    throw new NotThereYet(`${kind} ${reference.name} has no key ${reference.key}`);
  }
  return value;
}

function valueOf(variable: ContainerVariable, data: NamespaceData): string | undefined {
  const { configMapKeyRef, secretKeyRef } = variable.valueFrom ?? {};
  if (configMapKeyRef) return lookUp("ConfigMap", data.configMaps, configMapKeyRef);
  if (secretKeyRef) return lookUp("Secret", data.secrets, secretKeyRef);
  // An absolute path names a file of the container image, which a process on the machine does not have.
  return variable.value?.startsWith("/") ? undefined : variable.value;
}

/** The environment that a kubelet would give the container, from the same ConfigMaps and Secrets. */
export function containerEnvironment(
  variables: readonly ContainerVariable[],
  data: NamespaceData,
): Record<string, string> {
  return Object.fromEntries(
    variables.flatMap((variable) => {
      const value = valueOf(variable, data);
      return value === undefined ? [] : [[variable.name, value]];
    }),
  );
}
