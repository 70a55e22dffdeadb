import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import type { Check } from "../context";
import { failed, type Finding, ok, warning } from "../finding";

const requirePackage = createRequire(__filename);
const providers = ["kubernetes", "random", "kubernetes-cert-manager"];

/** A tool's version, or nothing where it cannot be run. */
export function judgeTool(
  name: string,
  version: string | undefined,
  wanted: string,
  install: string,
): Finding {
  const found = version === undefined ? null : semver.coerce(version);
  if (!found) return failed(name, "cannot be run", install);
  return semver.satisfies(found, wanted)
    ? ok(name, `is ${found.version}`)
    : failed(name, `is ${found.version}, but ${wanted} is needed`, install);
}

export function judgePlugin(provider: string, version: string, installed: boolean): Finding {
  return installed
    ? ok(`plugin ${provider}`, `${version} is installed`)
    : warning(
        `plugin ${provider}`,
        `${version} is not installed; \`up\` will download it`,
        `pulumi plugin install resource ${provider} ${version}`,
      );
}

function versionOf(packageName: string): string {
  const path = requirePackage.resolve(`${packageName}/package.json`);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The engine takes a plugin from PATH before it looks into its own folder. */
export function isPluginInstalled(provider: string, version: string, home: string, path: string): boolean {
  const onPath = path
    .split(delimiter)
    .some((folder) => entriesOf(folder).includes(`pulumi-resource-${provider}`));
  const folder = `resource-${provider}-v${version}`;
  const installed = entriesOf(join(home, "plugins"));
  return onPath || (installed.includes(folder) && !installed.includes(`${folder}.partial`));
}

async function pulumiVersion(): Promise<string | undefined> {
  const result = await execa("pulumi", ["version"], {
    reject: false,
    timeout: 15_000,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return result.failed ? undefined : result.stdout;
}

/** The versions of what runs the program. */
export const toolsCheck: Check = {
  name: "tools",
  run: async () => {
    const { engines } = requirePackage("../../../package.json") as { engines: { node: string } };
    const sdk = semver.parse(versionOf("@pulumi/pulumi"))!;
    const home = process.env["PULUMI_HOME"] || join(homedir(), ".pulumi");
    return [
      judgeTool("node", process.version, engines.node, `install Node.js ${engines.node}`),
      judgeTool(
        "pulumi",
        await pulumiVersion(),
        `>=${sdk.major}.${sdk.minor}.0`,
        `install Pulumi ${sdk.version} or newer: https://www.pulumi.com/docs/install/`,
      ),
      ...providers.map((provider) => {
        const version = versionOf(`@pulumi/${provider}`);
        return judgePlugin(
          provider,
          version,
          isPluginInstalled(provider, version, home, process.env["PATH"] ?? ""),
        );
      }),
    ];
  },
};
