import { apiVersionOf, valueAt } from "./objects/object";
import type { Kind, KubernetesObject } from "./objects/object";
import type { Session } from "./session";

const clusterScoped = new Set([
  "APIService",
  "CSIDriver",
  "CSINode",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "FlowSchema",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
]);

/** Whether objects of a kind live in a namespace; undefined when nobody knows the kind (yet). */
export async function isNamespaced(
  session: Session,
  kind: Kind,
  beside: readonly KubernetesObject[] = [],
): Promise<boolean | undefined> {
  const bare = { ...kind, kind: kind.kind.replace(/Patch$/, "") };
  if (clusterScoped.has(bare.kind) && /^(v1|.*k8s\.io\/v1\w*)$/.test(apiVersionOf(bare))) return false;
  const crd = beside.find((object) => crdKey(object) === keyOf(bare)) ?? session.crds.get(keyOf(bare));
  if (crd) return valueAt(crd, "spec", "scope") === "Namespaced";
  try {
    return await session.cluster?.discovery.namespaced(bare);
  } catch {
    return undefined;
  }
}

/** `group/Kind` of the objects that a CustomResourceDefinition defines; undefined for any other object. */
export function crdKey(object: KubernetesObject): string | undefined {
  if (object["kind"] !== "CustomResourceDefinition") return undefined;
  return `${String(valueAt(object, "spec", "group"))}/${String(valueAt(object, "spec", "names", "kind"))}`;
}

export function keyOf(kind: Kind): string {
  return `${kind.group}/${kind.kind}`;
}
