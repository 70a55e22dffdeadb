import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import { chartVersions } from "../../components/chart-versions";
import { prepareChartMirror } from "../charts/mirror";
import type { SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";
import type { ToolPaths } from "../toolchain/build";
import { tools as toolList } from "../toolchain/tools";

export type Origin = "official" | "stand-in";

/** A resource plugin of the engine, at the version that the program's SDK package asks for. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
  readonly origin: Origin;
}

/** Where the parts come from that package registries do not carry; decided once per sandbox. */
export interface Sources {
  /** "official" is the pulumi command on PATH; "built" is the same engine, built from its module. */
  readonly engine: "official" | "built";
  readonly plugins: readonly Plugin[];
  readonly charts: Origin;
}

const pluginNames = ["kubernetes", "random", "kubernetes-cert-manager"];
const networkTimeoutMilliseconds = 15_000;

function pluginVersion(name: string): string {
  const manifest = require.resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/** Folder of the plugins that the user has installed for `pulumi` itself. */
function userPlugins(): string {
  return join(process.env["PULUMI_HOME"] || join(homedir(), ".pulumi"), "plugins");
}

function pluginFolder(name: string, version: string): string {
  return join(userPlugins(), `resource-${name}-v${version}`);
}

function isInstalled(name: string, version: string): boolean {
  const folder = pluginFolder(name, version);
  return existsSync(folder) && !existsSync(`${folder}.partial`);
}

async function officialCli(): Promise<string | undefined> {
  const result = await execa("pulumi", ["version"], {
    reject: false,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const version = result.failed ? null : semver.coerce(result.stdout);
  const wanted = toolList.find(({ name }) => name === "pulumi")?.version ?? "v0.0.0";
  return version && semver.gte(version, wanted) ? version.version : undefined;
}

async function isReachable(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: "HEAD",
      signal: AbortSignal.timeout(networkTimeoutMilliseconds),
    });
    return response.ok;
  } catch {
    return false;
  }
}

async function findPlugin(engine: string, name: string): Promise<Plugin> {
  const version = pluginVersion(name);
  if (isInstalled(name, version)) return { name, version, origin: "official" };
  const result = await execa(engine, ["plugin", "install", "resource", name, version], {
    reject: false,
    timeout: networkTimeoutMilliseconds * 4,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return { name, version, origin: result.failed ? "stand-in" : "official" };
}

async function decide(tools: ToolPaths, standInOnly: boolean): Promise<Sources> {
  const engine = (await officialCli()) ? "official" : "built";
  if (standInOnly) {
    const plugins = pluginNames.map((name) => ({
      name,
      version: pluginVersion(name),
      origin: "stand-in" as const,
    }));
    return { engine, plugins, charts: "stand-in" };
  }
  // The plugins live behind the same address as their index; one refused connection answers for all of them.
  const downloads = await isReachable("https://get.pulumi.com");
  const plugins = await Promise.all(
    pluginNames.map((name) =>
      downloads
        ? findPlugin(engine === "official" ? "pulumi" : tools.pulumi, name)
        : Promise.resolve<Plugin>({
            name,
            version: pluginVersion(name),
            origin: isInstalled(name, pluginVersion(name)) ? "official" : "stand-in",
          }),
    ),
  );
  const repositories = new Set(
    Object.values(chartVersions).map(({ repository }) => `${repository}/index.yaml`),
  );
  const reachable = await Promise.all([...repositories].map(isReachable));
  return { engine, plugins, charts: reachable.every(Boolean) ? "official" : "stand-in" };
}

function link(target: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })) rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

/** Puts on the engine's path exactly the stand-ins that are needed: what stands there goes before installed plugins. */
function linkPlugins(layout: SandboxLayout, sources: Sources): void {
  rmSync(layout.plugins, { recursive: true, force: true });
  mkdirSync(layout.plugins, { recursive: true, mode: 0o700 });
  if (sources.engine === "built") {
    const analyzer = "pulumi-analyzer-policy-nodejs";
    link(join(__dirname, "..", "plugins", analyzer), join(layout.plugins, analyzer));
  }
  const standIns = join(__dirname, "..", "providers", "bin");
  const programs = existsSync(standIns) ? readdirSync(standIns) : [];
  for (const { name, origin } of sources.plugins) {
    const program = programs.find((file) => file === `pulumi-resource-${name}`);
    if (origin === "stand-in" && program) link(join(standIns, program), join(layout.plugins, program));
  }
  mkdirSync(layout.pulumiHome, { recursive: true, mode: 0o700 });
  if (existsSync(userPlugins())) link(userPlugins(), join(layout.pulumiHome, "plugins"));
}

/** Reads or takes the decision, and makes what it needs: links to plugins, the folder of charts. */
export async function prepareSources(
  layout: SandboxLayout,
  tools: ToolPaths,
  standInOnly: boolean,
): Promise<Sources> {
  const sources = readSources(layout) ?? (await decide(tools, standInOnly));
  linkPlugins(layout, sources);
  if (sources.charts === "stand-in") await prepareChartMirror(layout.charts);
  writePrivateFile(layout.sources, JSON.stringify(sources));
  return sources;
}

/** The decision as it was recorded; nothing before the first `up` has taken it. */
export function readSources(layout: SandboxLayout): Sources | undefined {
  return existsSync(layout.sources)
    ? (JSON.parse(readFileSync(layout.sources, "utf8")) as Sources)
    : undefined;
}
