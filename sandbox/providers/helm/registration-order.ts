import { kindOf, nameOf, namespaceOf } from "../kubernetes/objects/object";
import type { KubernetesObject } from "../kubernetes/objects/object";
import { crdKey, keyOf } from "../kubernetes/scope";

export interface Step {
  object: KubernetesObject;
  /** What must exist first: the object's namespace and its CustomResourceDefinition, if the chart brings them. */
  after: KubernetesObject[];
}

const first = [
  "/Namespace",
  "/ResourceQuota",
  "storage.k8s.io/StorageClass",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "/ServiceAccount",
  "extensions/PodSecurityPolicy",
  "policy/PodSecurityPolicy",
  "rbac.authorization.k8s.io/Role",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/RoleBinding",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "/ConfigMap",
  "/Secret",
  "/Service",
  "/LimitRange",
  "scheduling.k8s.io/PriorityClass",
  "extensions/Deployment",
  "apps/Deployment",
  "apps/StatefulSet",
  "batch/CronJob",
  "policy/PodDisruptionBudget",
];
const last = "admissionregistration.k8s.io/ValidatingWebhookConfiguration";

/** The objects in the order in which they are registered: dependencies first, then the usual order of kinds. */
export function registrationOrder(objects: readonly KubernetesObject[]): Step[] {
  const definitions = new Map(objects.map((object) => [crdKey(object), object]));
  const namespaces = new Map(
    objects
      .filter((object) => keyOf(kindOf(object)) === "/Namespace")
      .map((object) => [nameOf(object), object]),
  );
  const steps = objects.map((object): Step => {
    const after = [definitions.get(keyOf(kindOf(object))), namespaces.get(namespaceOf(object))];
    return { object, after: after.filter((dependency) => dependency !== undefined) };
  });
  return layers(steps).flatMap((layer) => layer.sort(byKind));
}

function layers(steps: Step[]): Step[][] {
  const done = new Set<KubernetesObject>();
  const ordered: Step[][] = [];
  let rest = steps;
  while (rest.length > 0) {
    const layer = rest.filter(({ after }) => after.every((dependency) => done.has(dependency)));
    for (const { object } of layer) done.add(object);
    ordered.push(layer);
    rest = rest.filter((step) => !layer.includes(step));
  }
  return ordered;
}

function byKind(left: Step, right: Step): number {
  const key = ({ object }: Step) => [
    rank(object),
    ...keyOf(kindOf(object)).split("/"),
    namespaceOf(object),
    nameOf(object),
  ];
  const [leftKey, rightKey] = [key(left), key(right)];
  const differing = leftKey.findIndex((part, index) => part !== rightKey[index]);
  if (differing < 0) return 0;
  return (leftKey[differing] ?? "") < (rightKey[differing] ?? "") ? -1 : 1;
}

function rank(object: KubernetesObject): number {
  const key = keyOf(kindOf(object));
  if (key === last) return 1;
  const index = first.indexOf(key);
  return index < 0 ? 0 : index - first.length;
}
