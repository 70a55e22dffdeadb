import { join } from "node:path";
import type { Environment } from "../../../config/environment";
import { Hub, writeKubeconfig, type ApplicationFacts } from "./hub";
import { runPlatform, type Run } from "./platform";
import { TemporaryRepository, type Tags } from "./repository";

const names: readonly Environment[] = ["dev", "staging", "production"];

export interface WorldOptions {
  readonly tags: Tags;
  /** YAML of `gates` per environment. */
  readonly gates?: Partial<Record<Environment, string>>;
  /** Lines at the top level of promotion.yaml. */
  readonly settings?: string;
}

/** A repository with its remote, and the hub of every environment. */
export class World {
  private constructor(
    readonly repository: TemporaryRepository,
    readonly hubs: Record<Environment, Hub>,
  ) {}

  static async create(options: WorldOptions): Promise<World> {
    const [dev, staging, production] = await Promise.all([Hub.start(), Hub.start(), Hub.start()]);
    const hubs = { dev, staging, production } as Record<Environment, Hub>;
    const environments = names.map((name) => {
      const gates = options.gates?.[name] ?? "{ policy: false }";
      return `  ${name}:\n    clusters: { hub: ${name} }\n    gates: ${gates}\n`;
    });
    const settings = `${options.settings ?? ""}environments:\n${environments.join("")}`;
    const repository = new TemporaryRepository(options.tags, settings);
    writeKubeconfig(repository.folder, hubs);
    return new World(repository, hubs);
  }

  get kubeconfig(): string {
    return join(this.repository.folder, "kubeconfig.json");
  }

  /** Puts a service on a hub, running a tag in good health. */
  run(environment: Environment, service: string, tag: string, facts: Partial<ApplicationFacts> = {}): void {
    this.hubs[environment].set({
      service,
      environment,
      images: [`ghcr.io/platform/${service}:${tag}`],
      ...facts,
    });
  }

  /** Every service runs in every environment what git states. */
  runEverything(tags: Tags): void {
    for (const [environment, services] of Object.entries(tags)) {
      for (const [service, tag] of Object.entries(services))
        this.run(environment as Environment, service, tag);
    }
  }

  platform(
    argv: readonly string[],
    env: Record<string, string | undefined> = {},
    cwd = this.repository.clone,
  ): Promise<Run> {
    return runPlatform(cwd, argv, {
      KUBECONFIG: this.kubeconfig,
      GITHUB_TOKEN: undefined,
      SLACK_WEBHOOK_URL: undefined,
      ...env,
    });
  }

  async remove(): Promise<void> {
    await Promise.all(Object.values(this.hubs).map((hub) => hub.stop()));
    this.repository.remove();
  }
}
