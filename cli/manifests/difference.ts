import { type Environment, environments } from "../../config/environment";
import { text } from "../../policy-pack/fields";
import { parseImage } from "../../policy-pack/image-reference";
import { containers, podTemplates } from "../../policy-pack/workloads";
import type { Rendered } from "./build";
import { compareBuilds } from "./changes";
import { type Clusters, clustersOf } from "./clusters";
import type { Difference, ServiceChange } from "./comment";
import { renderRepository } from "./repository";

/** One state of the repository: what it renders to, and on which clusters. */
interface State {
  readonly builds: readonly Rendered[];
  readonly clusters: ReadonlyMap<Environment, Clusters | undefined>;
}

async function readState(root: string): Promise<State> {
  const { builds } = await renderRepository(root);
  const clusters = await Promise.all(
    environments.map(async (name) => [name, await clustersOf(root, name)] as const),
  );
  return { builds, clusters: new Map(clusters) };
}

/** Services run on every cluster of their environment; what belongs to Argo CD, on the hub alone. */
function clustersOfBuild({ environment, path }: Rendered, { clusters }: State): readonly string[] {
  const found = clusters.get(environment);
  if (!found) return ["no cluster yet"];
  return path.includes("/overlays/") ? [found.hub, ...found.spokes] : [found.hub];
}

function key({ environment, path }: Rendered): string {
  return `${environment}\0${path}`;
}

/** Production first: when a comment gets too long, it is the last that may be missing. */
function byWeight(left: ServiceChange, right: ServiceChange): number {
  const weight = ({ environment }: ServiceChange) => environments.indexOf(environment);
  return weight(right) - weight(left) || left.service.localeCompare(right.service);
}

/** The versions that a build runs, without the name of their image. */
function versionsOf(build: Rendered | undefined): string {
  const references = (build?.objects ?? [])
    .flatMap(({ object }) => podTemplates(object))
    .flatMap(containers)
    .map(({ fields }) => parseImage(text(fields.image)));
  return [...new Set(references.map(({ tag, digest }) => tag ?? digest?.slice(0, 19) ?? "none"))].join(", ");
}

function imageChange(was: Rendered | undefined, is: Rendered | undefined): string {
  const [old, now] = [versionsOf(was), versionsOf(is)];
  return old === now ? "" : [old, now].map((version) => version || "-").join(" → ");
}

function serviceChanges(before: State, after: State): ServiceChange[] {
  const old = new Map(before.builds.map((build) => [key(build), build]));
  const now = new Map(after.builds.map((build) => [key(build), build]));
  const changes = [...new Set([...old.keys(), ...now.keys()])].flatMap((each): ServiceChange[] => {
    const [was, is] = [old.get(each), now.get(each)];
    // Nothing can be said about a folder that cannot be built; a note names it.
    if ([was, is].some((build) => build && build.problems.length > 0)) return [];
    const objects = compareBuilds(was, is);
    const { environment, service } = (is ?? was)!;
    if (objects.length === 0) return [];
    const clusters = clustersOfBuild((is ?? was)!, is ? after : before);
    return [{ environment, service, clusters, image: imageChange(was, is), objects }];
  });
  return changes.sort(byWeight);
}

function clusterNotes(before: State, after: State): string[] {
  return environments.flatMap((environment) => {
    const names = ({ clusters }: State) => {
      const found = clusters.get(environment);
      return found ? [found.hub, ...found.spokes] : [];
    };
    const [old, now] = [names(before), names(after)];
    const services = after.builds.filter(
      (build) => build.environment === environment && build.path.includes("/overlays/"),
    );
    return [
      ...now
        .filter((name) => !old.includes(name))
        .map(
          (name) =>
            `Cluster **${name}** joins ${environment} and receives all ${services.length} of its services.`,
        ),
      ...old
        .filter((name) => !now.includes(name))
        .map((name) => `Cluster **${name}** leaves ${environment}; its services stay there without Argo CD.`),
    ];
  });
}

/** A deleted folder means different things in dev and where people would notice. */
function departureNotes(before: State, after: State): string[] {
  const stays = new Set(after.builds.map(key));
  return before.builds
    .filter((build) => build.path.includes("/overlays/") && !stays.has(key(build)))
    .map(({ environment, service }) =>
      environment === "dev"
        ? `**${service}** leaves dev: Argo CD deletes its Application and its pods.`
        : `**${service}** leaves ${environment}: its Application and its pods stay until somebody deletes them (docs/runbooks/add-a-service.md).`,
    );
}

function problemNotes(state: State, when: string): string[] {
  return state.builds.flatMap(({ path, problems: [problem] }) =>
    problem ? [`**${path}** cannot be built ${when}: ${problem.file} ${problem.message}`] : [],
  );
}

/**
 * What a change does to the rendered objects.
 *
 * @param before top of a tree with the state before the change.
 * @param after top of the work tree.
 * @throws CliError when kustomize cannot be run, or a stack's file does not name its clusters.
 */
export async function difference(
  before: string,
  after: string,
): Promise<Difference & { readonly broken: boolean }> {
  const [old, now] = [await readState(before), await readState(after)];
  const broken = problemNotes(now, "after this change");
  return {
    services: serviceChanges(old, now),
    notes: [
      ...clusterNotes(old, now),
      ...departureNotes(old, now),
      ...broken,
      ...problemNotes(old, "before this change"),
    ],
    broken: broken.length > 0,
  };
}
