import type { Environment } from "../../config/environment";
import type { Application } from "../cluster/application";
import { imageFault } from "../gates/deployed";
import { introduction, versionsSince, type ImageVersion } from "../promotion/history";
import { imageVersion, sameImage, type Image } from "../promotion/image";
import { fillTemplate } from "../settings";

/** What the environment before states and this one does not yet. */
export interface Behind {
  readonly environment: Environment;
  /** The image that waits there. */
  readonly version: string;
  /** How many deliveries of the environment before are not here; undefined where it never had this image. */
  readonly deliveries: number | undefined;
  /** Address that compares the two versions. */
  readonly compare: string | undefined;
}

/** One service in one cluster of one environment. */
export interface StatusRow {
  readonly environment: Environment;
  readonly service: string;
  /** `-` where Argo CD delivers the service to no cluster, or cannot be asked. */
  readonly cluster: string;
  /** What git states. */
  readonly git: string;
  /** What the pods run; several during a rollout. */
  readonly live: readonly string[];
  readonly sync: string;
  readonly health: string;
  /** Step of the Rollout; undefined where the service is none. */
  readonly step: string | undefined;
  /** Undefined where the environment before states the same image, or there is none. */
  readonly behind: Behind | undefined;
  /** The commit that brought the image. */
  readonly promoted: { readonly commit: string; readonly subject: string; readonly time: string } | undefined;
  /** What differs between git and the cluster; empty where nothing does. */
  readonly drift: string;
  /** Who holds automated sync back, and why. */
  readonly freeze: string | undefined;
}

function liveVersions(application: Application, image: Image): string[] {
  return application.images
    .filter((reference) => reference.startsWith(`${image.name}:`) || reference.startsWith(`${image.name}@`))
    .map((reference) =>
      reference.slice(image.name.length + 1).replace(/@sha256:([0-9a-f]{12})[0-9a-f]*$/, "@$1"),
    );
}

function describeDrift(application: Application, image: Image): string {
  const faults = [
    imageFault(application, image),
    application.sync === "Synced" ? undefined : application.sync,
  ];
  return [...faults.filter((fault) => fault !== undefined), ...application.conditions].join("; ");
}

/** What git states of one service in one environment. */
export interface StatedImage {
  readonly environment: Environment;
  readonly image: Image;
  readonly history: readonly ImageVersion[];
}

export interface RowInput extends StatedImage {
  readonly service: string;
  /** What the environment before states. */
  readonly source: StatedImage | undefined;
  /** Template of the address that compares two versions. */
  readonly compare: string | undefined;
}

function behindOf({ service, image, source, compare }: RowInput): Behind | undefined {
  if (!source || sameImage(source.image, image)) return undefined;
  const known = source.history.some((version) => sameImage(version.image, image));
  const since = new Set(versionsSince(source.history, image).map((version) => imageVersion(version.image)));
  return {
    environment: source.environment,
    version: imageVersion(source.image),
    deliveries: known ? since.size : undefined,
    compare: compare && fillTemplate(compare, { service, old: image.tag, new: source.image.tag }),
  };
}

function promotionOf(history: readonly ImageVersion[]): StatusRow["promoted"] {
  const version = introduction(history);
  return version && { commit: version.commit, subject: version.subject, time: version.time.toISOString() };
}

/** A service as one cluster has it. */
export function toRow(input: RowInput, application: Application, step: string | undefined): StatusRow {
  const { environment, service, image, history } = input;
  return {
    environment,
    service,
    cluster: application.cluster,
    git: imageVersion(image),
    live: liveVersions(application, image),
    sync: application.sync,
    health: application.health,
    step,
    behind: behindOf(input),
    promoted: promotionOf(history),
    drift: describeDrift(application, image),
    freeze: application.freeze ?? (application.automated ? undefined : "automated sync is off"),
  };
}

/** A service of which no cluster is known, and why. */
export function toRowWithoutCluster(input: RowInput, reason: string): StatusRow {
  const { environment, service, image, history } = input;
  return {
    environment,
    service,
    cluster: "-",
    git: imageVersion(image),
    live: [],
    sync: "Unknown",
    health: "Unknown",
    step: undefined,
    behind: behindOf(input),
    promoted: promotionOf(history),
    drift: reason,
    freeze: undefined,
  };
}
