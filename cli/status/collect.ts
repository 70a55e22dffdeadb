import { environments, type Environment } from "../../config/environment";
import type { Application } from "../cluster/application";
import { connectArgoCd } from "../cluster/argo-cd";
import { readRolloutStep } from "../cluster/rollout";
import { deployedFault } from "../gates/deployed";
import type { HealthRecord } from "../promotion/health-record";
import { introduction, readHistory } from "../promotion/history";
import { readImages } from "../promotion/overlay";
import type { Settings } from "../settings";
import { toRow, toRowWithoutCluster, type StatusRow } from "./row";

/** Everything one look at git and the clusters gives. */
export interface Status {
  readonly commit: string;
  readonly time: Date;
  readonly rows: readonly StatusRow[];
  /** Environments whose Argo CD could not be read, with the reason. */
  readonly unreadable: readonly string[];
  /** Images that run healthy everywhere in their environment right now. */
  readonly healthy: readonly HealthRecord[];
}

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

async function collectEnvironment(
  cwd: string,
  commit: string,
  environment: Environment,
  settings: Settings,
): Promise<EnvironmentStatus> {
  const [images, histories, applications] = await Promise.all([
    readImages(cwd, commit, [environment]),
    readHistory(cwd, commit, environment),
    listOrReason(environment, settings),
  ]);
  const inputs = [...images.get(environment)!].sort().map(([service, { image }]) => ({
    environment,
    service,
    image,
    history: histories.get(service) ?? [],
  }));
  if (typeof applications === "string") {
    return {
      rows: inputs.map((input) => toRowWithoutCluster(input, applications)),
      unreadable: [applications],
      healthy: [],
    };
  }
  const rows: StatusRow[] = [];
  const healthy: HealthRecord[] = [];
  for (const input of inputs) {
    const own = applications.filter(({ service }) => service === input.service);
    if (own.length === 0) rows.push(toRowWithoutCluster(input, "Argo CD has no Application of this service"));
    for (const application of own) {
      rows.push(
        toRow(input, application, await readRolloutStep(settings.environments[environment], application)),
      );
    }
    const version = introduction(input.history);
    const sound =
      own.length > 0 && own.every((application) => deployedFault(application, input.image) === undefined);
    if (version && sound) healthy.push({ environment, service: input.service, commit: version.commit });
  }
  return { rows, unreadable: [], healthy };
}

/** Reads every environment that is wanted; one that does not answer is reported and hides no other. */
export async function collectStatus(
  cwd: string,
  commit: string,
  settings: Settings,
  wanted: readonly Environment[] = environments,
): Promise<Status> {
  const parts = await Promise.all(
    wanted.map((environment) => collectEnvironment(cwd, commit, environment, settings)),
  );
  return {
    commit,
    time: new Date(),
    rows: parts.flatMap(({ rows }) => rows),
    unreadable: parts.flatMap(({ unreadable }) => unreadable),
    healthy: parts.flatMap(({ healthy }) => healthy),
  };
}
