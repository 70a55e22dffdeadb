import { at, elements, isSet, texts } from "../fields";
import { containers, podPath } from "../workloads";
import { baseline, isConfinedSeccomp, unmaskedProcMount } from "./baseline";
import {
  containerSecurityContext,
  hasUserNamespace,
  isWindows,
  requiredOfPodOrContainers,
  securityContexts,
  type Control,
} from "./control";

const volumeTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const volumes: Control = {
  id: "volume-types",
  *check(pod) {
    for (const volume of elements(pod.spec.volumes, podPath(pod, "spec.volumes"))) {
      const type = Object.keys(volume.fields).find((key) => key !== "name" && isSet(volume.fields[key]));
      // The API server makes an emptyDir of a volume without a type.
      if (type === undefined || volumeTypes.some((allowed) => isSet(volume.fields[allowed]))) continue;
      yield { path: volume.path, problem: `has the type ${type}; allowed are ${volumeTypes.join(", ")}` };
    }
  },
};

const privilegeEscalation: Control = {
  id: "privilege-escalation",
  *check(pod) {
    if (isWindows(pod)) return;
    for (const context of containers(pod).map(containerSecurityContext)) {
      if (context.fields.allowPrivilegeEscalation !== false) {
        yield { path: `${context.path}.allowPrivilegeEscalation`, problem: "is not false" };
      }
    }
  },
};

const runAsNonRoot: Control = {
  id: "run-as-non-root",
  *check(pod) {
    if (hasUserNamespace(pod)) return;
    yield* requiredOfPodOrContainers(pod, ["runAsNonRoot"], (value) => value === true, "true");
  },
};

const runAsUser: Control = {
  id: "run-as-user",
  *check(pod) {
    if (hasUserNamespace(pod)) return;
    for (const context of securityContexts(pod)) {
      if (context.fields.runAsUser === 0)
        yield { path: `${context.path}.runAsUser`, problem: "is 0, the root user" };
    }
  },
};

const seccomp: Control = {
  id: "seccomp",
  *check(pod) {
    if (isWindows(pod)) return;
    yield* requiredOfPodOrContainers(
      pod,
      ["seccompProfile", "type"],
      isConfinedSeccomp,
      "RuntimeDefault or Localhost",
    );
  },
};

const capabilities: Control = {
  id: "capabilities",
  *check(pod) {
    if (isWindows(pod)) return;
    for (const context of containers(pod).map(containerSecurityContext)) {
      if (!texts(at(context.fields, "capabilities", "drop")).includes("ALL")) {
        yield { path: `${context.path}.capabilities.drop`, problem: "does not contain ALL" };
      }
      for (const [index, added] of texts(at(context.fields, "capabilities", "add")).entries()) {
        if (added !== "NET_BIND_SERVICE") {
          yield {
            path: `${context.path}.capabilities.add[${index}]`,
            problem: `${added} is more than NET_BIND_SERVICE`,
          };
        }
      }
    }
  },
};

/** What the restricted profile of Pod Security Standards v1.37 demands beyond the baseline. */
export const restricted: readonly Control[] = [
  volumes,
  privilegeEscalation,
  runAsNonRoot,
  runAsUser,
  seccomp,
  capabilities,
  unmaskedProcMount,
];

/** Controls of the baseline that the restricted profile replaces by its own. */
const replaced = new Set(["host-path-volumes", "capabilities", "seccomp", "proc-mount"]);

/** The whole restricted profile, as the API server's evaluator puts it together. */
export const restrictedProfile: readonly Control[] = [
  ...baseline.filter(({ id }) => !replaced.has(id)),
  ...restricted,
];
