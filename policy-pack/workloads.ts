import { at, elements, fields, isSet, type Fields } from "./fields";
import type { KubernetesObject } from "./rule";

/** Where the kinds of Kubernetes keep the spec of their pods. */
export const podTemplatePaths: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  Rollout: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** A pod as some object describes it, whatever the kind of that object. */
export interface PodTemplate {
  /** Path of the pod's metadata and spec within the object; empty for a Pod itself. */
  readonly path: string;
  readonly metadata: Fields;
  readonly spec: Fields;
}

export interface Container {
  /** Path within the object. */
  readonly path: string;
  readonly role: "init" | "main" | "ephemeral";
  readonly fields: Fields;
}

function template(value: unknown, path: string): PodTemplate[] {
  const found = fields(value);
  return isSet(found.spec) ? [{ path, metadata: fields(found.metadata), spec: fields(found.spec) }] : [];
}

function jobTemplates(value: unknown, path: string): PodTemplate[] {
  return template(at(value, "spec", "template"), `${path}.spec.template`);
}

function analysisTemplates(object: KubernetesObject): PodTemplate[] {
  return elements(at(object, "spec", "metrics"), "spec.metrics").flatMap((metric) =>
    jobTemplates(at(metric.fields, "provider", "job"), `${metric.path}.provider.job`),
  );
}

/** Fields that only the spec of a pod has; any of them tells a pod template from other templates. */
const podFields = [
  "containers",
  "initContainers",
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "volumes",
  "serviceAccountName",
  "securityContext",
];

function readPodTemplates(object: KubernetesObject): PodTemplate[] {
  switch (object.kind ?? "") {
    case "Pod":
      return template(object, "");
    case "PodTemplate":
      return template(object.template, "template");
    case "CronJob":
      return jobTemplates(at(object, "spec", "jobTemplate"), "spec.jobTemplate");
    case "AnalysisTemplate":
    case "ClusterAnalysisTemplate":
    case "AnalysisRun":
      return analysisTemplates(object);
    case "Experiment":
      return elements(at(object, "spec", "templates"), "spec.templates").flatMap((entry) =>
        template(entry.fields.template, `${entry.path}.template`),
      );
    case "ApplicationSet":
      return [];
    default: {
      // Every other kind that runs pods, of Kubernetes or not, keeps the template here.
      const pod = at(object, "spec", "template");
      const isKnown = Object.hasOwn(podTemplatePaths, object.kind ?? "");
      const runsPods = isKnown || podFields.some((name) => isSet(at(pod, "spec", name)));
      return runsPods ? template(pod, "spec.template") : [];
    }
  }
}

const podTemplatesOf = new WeakMap<KubernetesObject, readonly PodTemplate[]>();

/** The pods that an object runs; none for objects that run none. */
export function podTemplates(object: KubernetesObject): readonly PodTemplate[] {
  let found = podTemplatesOf.get(object);
  if (!found) podTemplatesOf.set(object, (found = readPodTemplates(object)));
  return found;
}

const containersOf = new WeakMap<PodTemplate, readonly Container[]>();

/** All containers of a pod: init, main and ephemeral. */
export function containers(pod: PodTemplate): readonly Container[] {
  let found = containersOf.get(pod);
  if (!found) {
    const prefix = podPath(pod, "spec");
    const read = (name: string, role: Container["role"]): Container[] =>
      elements(pod.spec[name], `${prefix}.${name}`).map((element) => ({ ...element, role }));
    found = [
      ...read("initContainers", "init"),
      ...read("containers", "main"),
      ...read("ephemeralContainers", "ephemeral"),
    ];
    containersOf.set(pod, found);
  }
  return found;
}

/** Path of a field of the pod within its object. */
export function podPath(pod: PodTemplate, field: string): string {
  return pod.path === "" ? field : `${pod.path}.${field}`;
}
