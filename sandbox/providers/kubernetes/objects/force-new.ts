import { kindOf, isSecretObject } from "./object";
import type { KubernetesObject } from "./object";

/** Which kinds a provider may change in place although others replace them. */
export interface Mutability {
  secrets: boolean;
  configMaps: boolean;
}

const identity = [".metadata.name", ".metadata.namespace"];

const selector = [".spec.selector"];
const statefulSet = [
  ...selector,
  ".spec.podManagementPolicy",
  ".spec.revisionHistoryLimit",
  ".spec.serviceName",
  ".spec.volumeClaimTemplates",
];
const job = [...selector, ".spec.completions", ".spec.parallelism", ".spec.template"];
const roleBinding = [".roleRef"];

const volumeSources = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
];
const podFields = [
  "affinity",
  "automountServiceAccountToken",
  "dnsConfig",
  "dnsPolicy",
  "enableServiceLinks",
  "hostAliases",
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "hostname",
  "imagePullSecrets",
  "nodeName",
  "nodeSelector",
  "overhead",
  "preemptionPolicy",
  "priority",
  "priorityClassName",
  "readinessGates",
  "restartPolicy",
  "runtimeClassName",
  "schedulerName",
  "securityContext",
  "serviceAccount",
  "serviceAccountName",
  "shareProcessNamespace",
  "subdomain",
  "terminationGracePeriodSeconds",
  "volumes",
];
const containerFields = [
  "args",
  "command",
  "env",
  "image",
  "imagePullPolicy",
  "lifecycle",
  "livenessProbe",
  "ports",
  "readinessProbe",
  "resources",
  "securityContext",
  "stdin",
  "stdinOnce",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "tty",
  "volumeDevices",
  "volumeMounts",
  "workingDir",
];

/** Fields whose change makes a new object, by `group/version/Kind`; `[*]` stands for any element. */
const fields: Record<string, string[]> = {
  "apps/v1beta1/StatefulSet": statefulSet,
  "apps/v1beta2/StatefulSet": statefulSet,
  "apps/v1/StatefulSet": statefulSet,
  "apps/v1beta2/Deployment": selector,
  "apps/v1/Deployment": selector,
  "apps/v1beta2/DaemonSet": selector,
  "apps/v1/DaemonSet": selector,
  "batch/v1/Job": job,
  "batch/v1beta1/Job": job,
  "policy/v1beta1/PodDisruptionBudget": [".spec"],
  "rbac.authorization.k8s.io/v1/RoleBinding": roleBinding,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": roleBinding,
  "rbac.authorization.k8s.io/v1beta1/RoleBinding": roleBinding,
  "rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding": roleBinding,
  "storage.k8s.io/v1/StorageClass": [".parameters", ".provisioner"],
  "/v1/PersistentVolume": volumeSources.map((source) => `.spec.${source}`),
  "/v1/PersistentVolumeClaim": [
    ...selector,
    ".spec.accessModes",
    ".spec.storageClassName",
    ".spec.volumeName",
  ],
  "/v1/Pod": [
    ...podFields.map((field) => `.spec.${field}`),
    ...containerFields.flatMap((field) => [
      `.spec.containers[*].${field}`,
      `.spec.initContainers[*].${field}`,
    ]),
  ],
  "/v1/ResourceQuota": [".spec.scopes"],
  "/v1/Secret": [".type"],
  "/v1/Service": [".spec.clusterIP"],
};

/** The paths of an object whose change replaces it. A `*Patch` resource is replaced by its identity alone. */
export function forceNewPaths(object: KubernetesObject, isPatch: boolean, mutable: Mutability): string[] {
  if (isPatch) return identity;
  const { group, version, kind } = kindOf(object);
  const immutable = object["immutable"] === true;
  if (isSecretObject(object) && (!mutable.secrets || immutable))
    return [...identity, ".type", ".stringData", ".data"];
  const isConfigMap = object["apiVersion"] === "v1" && kind === "ConfigMap";
  if (isConfigMap && (!mutable.configMaps || immutable)) return [...identity, ".binaryData", ".data"];
  return [...identity, ...(fields[`${group}/${version}/${kind}`] ?? [])];
}
