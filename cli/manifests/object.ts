/** A Kubernetes object as it is written in a manifest; every field beside these is left as it was read. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** An object and the place it was read from. */
export interface LocatedObject {
  readonly object: KubernetesObject;
  /** Path as the reader of a report should see it. */
  readonly file: string;
  /** First line of the object in `file`, counted from 1. Omitted where the file was never read as text. */
  readonly line?: number;
}

/** The API group, empty for the core. */
export function groupOf(object: KubernetesObject): string {
  const [group, version] = object.apiVersion.split("/");
  return version === undefined ? "" : (group ?? "");
}

export function nameOf(object: KubernetesObject): string {
  return object.metadata?.name ?? object.metadata?.generateName ?? "";
}

/** Ten characters, of those that kustomize makes hashes of. */
const hash = /-[2456789bcdfghkmt]{10}(?![\w-])/g;

/** The name that its source states for a generated object; also of names inside a text. */
export function withoutHash(name: string): string {
  return name.replace(hash, "");
}

/** What the API server regards as one object: two versions of an API are the same object. */
export function identityOf(object: KubernetesObject): string {
  return [groupOf(object), object.kind, object.metadata?.namespace ?? "", nameOf(object)].join("/");
}

/** How reports name an object: `Deployment platform-dev/bff`. */
export function titleOf(object: KubernetesObject): string {
  const namespace = object.metadata?.namespace;
  return `${object.kind} ${namespace ? `${namespace}/` : ""}${nameOf(object)}`;
}
