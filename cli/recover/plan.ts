import { type PendingOperation, providerId, targetOf } from "./pending";

/** What a cluster says of the thing that a pending creation would have made. */
export type Sighting =
  | { readonly kind: "absent" }
  /**
   * @property managers who wrote it, as its managedFields name them.
   * @property stack whose label it bears.
   */
  | { readonly kind: "present"; readonly managers: readonly string[]; readonly stack: string | undefined }
  /**
   * @property status as Helm states it: deployed, pending-install, failed.
   * @property stack whose label its namespace bears.
   */
  | {
      readonly kind: "release";
      readonly status: string;
      readonly revision: number;
      readonly stack: string | undefined;
    }
  | { readonly kind: "unreadable"; readonly reason: string };

/** What is to be done about one pending operation. */
export type Step =
  /** It was made: take it into the state. */
  | { readonly action: "import"; readonly urn: string; readonly id: string; readonly reason: string }
  /** It was not made: forget the attempt. */
  | { readonly action: "clear"; readonly urn: string; readonly reason: string }
  /** Helm was killed: its record says so for ever and blocks the next attempt. */
  | {
      readonly action: "unlock-release";
      readonly urn: string;
      readonly secret: string;
      readonly cluster: string;
      readonly reason: string;
    }
  /** Not a creation: the engine reads the object again. */
  | { readonly action: "refresh"; readonly urn: string; readonly reason: string }
  /** Nobody but a person can decide. */
  | { readonly action: "stop"; readonly urn: string; readonly reason: string; readonly unreadable: boolean };

// The manager of a creation is the bare name; a server-side apply adds a suffix of its own.
const ourManager = /^pulumi-(kubernetes|resource-kubernetes)(-|$)/;

/** The stack of a resource: `urn:pulumi:<stack>::...`. */
function stackOf(urn: string): string {
  return urn.split("::")[0]!.split(":")[2] ?? "";
}

/** Why a thing that is there is not this stack's own, or nothing. */
function foreignOwner(
  urn: string,
  { stack, managers }: { readonly stack: string | undefined; readonly managers?: readonly string[] },
): string | undefined {
  if (managers && !managers.some((manager) => ourManager.test(manager)))
    return `was written by ${managers.join(", ") || "nobody known"}`;
  if (stack === stackOf(urn)) return undefined;
  return stack === undefined ? "bears no stack's label" : `belongs to the stack ${stack}`;
}

function releaseStep(operation: PendingOperation, sighting: Extract<Sighting, { kind: "release" }>): Step {
  const { urn } = operation.resource;
  const target = targetOf(operation);
  if (target.kind !== "release") return { action: "stop", urn, reason: "is no release", unreadable: true };
  const { cluster, name, namespace } = target;
  const owner = foreignOwner(urn, sighting);
  if (owner !== undefined) {
    return {
      action: "stop",
      urn,
      reason: `the release is in the namespace ${namespace} of ${cluster}, which ${owner}; helm -n ${namespace} history ${name}`,
      unreadable: false,
    };
  }
  if (sighting.status === "deployed") {
    return { action: "import", urn, id: providerId(target), reason: "Helm has finished the release" };
  }
  return sighting.status.startsWith("pending-") && sighting.revision === 1
    ? {
        action: "unlock-release",
        urn,
        cluster,
        secret: `${namespace}/sh.helm.release.v1.${name}.v1`,
        reason: `Helm was killed (${sighting.status}); the next \`up\` installs it again over what is there`,
      }
    : {
        action: "stop",
        urn,
        reason: `the release is ${sighting.status} at revision ${sighting.revision}; helm -n ${namespace} history ${name}, then roll it back or uninstall it`,
        unreadable: false,
      };
}

/** One step per operation. Ours is only what our provider has written with the label of this very stack. */
export function planStep(operation: PendingOperation, sighting: Sighting): Step {
  const { urn } = operation.resource;
  if (operation.type !== "creating") {
    return {
      action: "refresh",
      urn,
      reason: `was ${operation.type}; its state is read again from the cluster`,
    };
  }
  const target = targetOf(operation);
  if (target.kind === "nothing") return { action: "clear", urn, reason: "exists in the state alone" };
  if (target.kind === "unknown") return { action: "stop", urn, reason: target.reason, unreadable: false };
  switch (sighting.kind) {
    case "absent":
      return { action: "clear", urn, reason: `does not exist on ${target.cluster}` };
    case "unreadable":
      return { action: "stop", urn, reason: `${target.cluster} ${sighting.reason}`, unreadable: true };
    case "release":
      return releaseStep(operation, sighting);
    case "present": {
      const owner = foreignOwner(urn, sighting);
      return owner === undefined
        ? {
            action: "import",
            urn,
            id: providerId(target),
            reason: `exists on ${target.cluster}, written by Pulumi for this stack`,
          }
        : {
            action: "stop",
            urn,
            reason: `exists on ${target.cluster} but ${owner}; delete or rename it, or adopt it with pulumi import`,
            unreadable: false,
          };
    }
  }
}
