import pMap from "p-map";
import { environments, type Environment } from "../../config/environment";
import type { Application } from "../cluster/application";
import { connectArgoCd } from "../cluster/argo-cd";
import { readRolloutStep } from "../cluster/rollout";
import { deployedFault } from "../gates/deployed";
import type { HealthRecord } from "../promotion/health-record";
import { introduction, readHistory } from "../promotion/history";
import { readImages } from "../promotion/overlay";
import type { Settings } from "../settings";
import { toRow, toRowWithoutCluster, type RowInput, type StatedImage, type StatusRow } from "./row";

/** Everything one look at git and the clusters gives. */
export interface Status {
  readonly commit: string;
  readonly time: Date;
  /** The environments that were looked at, in their order. */
  readonly environments: readonly Environment[];
  /** By service, then environment, then cluster. */
  readonly rows: readonly StatusRow[];
  /** Environments whose Argo CD could not be read, with the reason. */
  readonly unreadable: readonly string[];
  /** Images that run healthy everywhere in their environment right now. */
  readonly healthy: readonly HealthRecord[];
}

type Stated = ReadonlyMap<string, StatedImage>;

interface EnvironmentStatus {
  readonly rows: readonly StatusRow[];
  readonly unreadable: readonly string[];
  readonly healthy: readonly HealthRecord[];
}

async function listOrReason(
  environment: Environment,
  settings: Settings,
): Promise<readonly Application[] | string> {
  try {
    return await connectArgoCd(environment, settings.environments[environment]).listApplications();
  } catch (error) {
    return (error as Error).message;
  }
}

/** What git states in an environment, by service. */
async function readStated(cwd: string, commit: string, environment: Environment): Promise<Stated> {
  const [images, histories] = await Promise.all([
    readImages(cwd, commit, [environment]),
    readHistory(cwd, commit, environment),
  ]);
  return new Map(
    [...images.get(environment)!].map(([service, { image }]) => [
      service,
      { environment, image, history: histories.get(service) ?? [] },
    ]),
  );
}

async function collectEnvironment(
  environment: Environment,
  inputs: readonly RowInput[],
  settings: Settings,
): Promise<EnvironmentStatus> {
  const applications = await listOrReason(environment, settings);
  if (typeof applications === "string") {
    return {
      rows: inputs.map((input) => toRowWithoutCluster(input, applications)),
      unreadable: [applications],
      healthy: [],
    };
  }
  const parts = await pMap(
    inputs,
    async (input) => {
      const own = applications.filter(({ service }) => service === input.service);
      return { rows: await rowsOf(input, own, settings), healthy: healthOf(input, own) };
    },
    // Each Rollout is a question of its own to its cluster.
    { concurrency: 8 },
  );
  return {
    rows: parts.flatMap(({ rows }) => rows),
    unreadable: [],
    healthy: parts.flatMap(({ healthy }) => healthy),
  };
}

async function rowsOf(
  input: RowInput,
  applications: readonly Application[],
  settings: Settings,
): Promise<StatusRow[]> {
  if (applications.length === 0)
    return [toRowWithoutCluster(input, "Argo CD has no Application of this service")];
  const environment = settings.environments[input.environment];
  return Promise.all(
    applications.map(async (application) =>
      toRow(input, application, await readRolloutStep(environment, application)),
    ),
  );
}

/** The record of an image that every cluster runs in good health. */
function healthOf(input: RowInput, applications: readonly Application[]): HealthRecord[] {
  const { environment, service, image, history } = input;
  const version = introduction(history);
  const sound =
    applications.length > 0 &&
    applications.every((application) => deployedFault(application, image) === undefined);
  return version && sound ? [{ environment, service, commit: version.commit }] : [];
}

function byService(left: StatusRow, right: StatusRow): number {
  return (
    left.service.localeCompare(right.service) ||
    environments.indexOf(left.environment) - environments.indexOf(right.environment) ||
    left.cluster.localeCompare(right.cluster)
  );
}

/** Reads every environment that is wanted; one that does not answer is reported and hides no other. */
export async function collectStatus(
  cwd: string,
  commit: string,
  settings: Settings,
  wanted: readonly Environment[] = environments,
): Promise<Status> {
  const all = await Promise.all(environments.map((environment) => readStated(cwd, commit, environment)));
  const parts = await Promise.all(
    wanted.map((environment) => {
      const at = environments.indexOf(environment);
      const inputs = [...all[at]!].map(([service, stated]) => ({
        ...stated,
        service,
        source: all[at - 1]?.get(service),
        compare: settings.compare,
      }));
      return collectEnvironment(environment, inputs, settings);
    }),
  );
  return {
    commit,
    time: new Date(),
    environments: wanted,
    rows: parts.flatMap(({ rows }) => rows).sort(byService),
    unreadable: parts.flatMap(({ unreadable }) => unreadable),
    healthy: parts.flatMap(({ healthy }) => healthy),
  };
}
