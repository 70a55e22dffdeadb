import { at, fields, isSet, text, type Fields } from "../fields";
import type { Finding } from "../rule";
import { containers, podPath, type Container, type PodTemplate } from "../workloads";

/** One control of the Pod Security Standards; what it yields carries no control id yet. */
export interface Control {
  readonly id: string;
  check(pod: PodTemplate): Iterable<Finding>;
}

/** A place where a security context may stand. */
interface SecurityContext {
  readonly path: string;
  readonly fields: Fields;
}

/** The pod's own security context and those of its containers. */
export function securityContexts(pod: PodTemplate): SecurityContext[] {
  return [
    { path: podPath(pod, "spec.securityContext"), fields: fields(pod.spec.securityContext) },
    ...containers(pod).map(containerSecurityContext),
  ];
}

export function containerSecurityContext(container: Container): SecurityContext {
  return { path: `${container.path}.securityContext`, fields: fields(container.fields.securityContext) };
}

/** Linux fields are meaningless, and refused by the API server, on Windows pods. */
export function isWindows(pod: PodTemplate): boolean {
  return at(pod.spec, "os", "name") === "windows";
}

/** In a user namespace, root inside is nobody outside (KEP-127); relaxed by the standards since 1.35. */
export function hasUserNamespace(pod: PodTemplate): boolean {
  return pod.spec.hostUsers === false;
}

/** Every container must say it, or the pod for those that say nothing; whoever says it must say it right. */
export function* requiredOfPodOrContainers(
  pod: PodTemplate,
  field: readonly string[],
  isRight: (value: unknown) => boolean,
  wanted: string,
): Iterable<Finding> {
  const [own, ...ofContainers] = securityContexts(pod);
  const name = field.join(".");
  // What says something is the parent of the last field: `seccompProfile: {}` speaks, and wrongly.
  const speaks = (context: SecurityContext): boolean => isSet(context.fields[field[0]!]);
  const wrong = (context: SecurityContext): Finding => ({
    path: `${context.path}.${name}`,
    problem: `is ${text(at(context.fields, ...field)) || "empty"}, not ${wanted}`,
  });
  const podIsRight = isRight(at(own!.fields, ...field));
  if (speaks(own!) && !podIsRight) yield wrong(own!);
  for (const context of ofContainers) {
    if (speaks(context)) {
      if (!isRight(at(context.fields, ...field))) yield wrong(context);
    } else if (!podIsRight) {
      yield { path: `${context.path}.${name}`, problem: `is not set, nor for the whole pod` };
    }
  }
}
