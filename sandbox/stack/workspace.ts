import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { type StackFile, committedStackFile, readStackFile, sandboxClusters, stackValue } from "../clusters";
import { contextName } from "../control-plane/kubeconfig";
import { credentialFiles } from "../control-plane/credentials";
import { SandboxError } from "../errors";
import { branch } from "../git/repository";
import { gitUser, repositoryUrl } from "../git/settings";
import { writePrivateFile } from "../processes/atomic-file";
import { sandboxMarker } from "../processes/supervisor";
import type { Sandbox } from "../settings";
import type { ToolPaths } from "../toolchain/build";
import { engineFailure, lastLines } from "./engine-words";
import { runEngine } from "./run-engine";
import {
  deepMerge,
  sandboxOverrides,
  sandboxSecrets,
  withoutEncrypted,
  withoutKubeconfig,
} from "./overrides";
import type { Sources } from "./sources";

function unprefixed(config: Readonly<Record<string, unknown>>, project: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(`${project}:`))
      .map(([key, value]) => [key.slice(project.length + 1), value]),
  );
}

/** The program itself: the same default export that `pulumi up` runs. */
async function program(): Promise<Record<string, unknown> | void> {
  const { default: main } = (await import("../../index.js")) as {
    default: () => Promise<Record<string, unknown> | void>;
  };
  return main();
}

function engineEnvironment(sandbox: Sandbox, tools: ToolPaths, sources: Sources): Record<string, string> {
  const { layout } = sandbox;
  const folders = [
    layout.plugins,
    dirname(tools.helm),
    ...(sources.engine === "official" ? [] : [dirname(tools.pulumi)]),
  ];
  return {
    PATH: [...folders, process.env["PATH"]].join(delimiter),
    PULUMI_HOME: layout.pulumiHome,
    // An engine that is killed between making and filling the file of metadata beside the state leaves a state that no
    // command can read; without that file, a write is one rename.
    PULUMI_BACKEND_URL: `file://${layout.backend}?metadata=skip`,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A copy of the whole state after every step would cost more than the step; a sandbox has nothing to go back to.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    // The state is serialized after every step; collecting that garbage at once would take a fifth of the engine's time.
    GOGC: "400",
    [sandboxMarker]: layout.directory,
  };
}

async function engineCommand(sandbox: Sandbox, tools: ToolPaths, sources: Sources): Promise<PulumiCommand> {
  if (sources.engine === "official") return PulumiCommand.get();
  const bin = join(sandbox.layout.engine, "bin");
  mkdirSync(bin, { recursive: true, mode: 0o700 });
  if (!existsSync(join(bin, "pulumi"))) symlinkSync(tools.pulumi, join(bin, "pulumi"));
  return PulumiCommand.get({ root: sandbox.layout.engine });
}

/**
 * The engine writes every property of every resource to an encrypted log, which costs it almost half of its time with
 * charts full of definitions. It has no switch for that, but goes without where the log's folder cannot be made.
 */
function switchOffEngineLog(pulumiHome: string): void {
  const logs = join(pulumiHome, "logs");
  rmSync(logs, { recursive: true, force: true });
  writePrivateFile(logs, "");
}

/** What a stack file becomes in a sandbox. */
interface SandboxStackFile {
  readonly content: StackFile;
  /** Values for the key `secrets`; omitted, the file's own encrypted ones stay. */
  readonly secrets?: unknown;
  /** Variables that let the engine read the file's encrypted values. */
  readonly passphrase: Readonly<Record<string, string>>;
}

function prefixed(values: Readonly<Record<string, unknown>>, project: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${project}:${key}`, value]));
}

/** For the sandbox's own cluster: other addresses, other secrets, a passphrase of its own. */
function ownClusterFile(
  sandbox: Sandbox,
  committed: StackFile,
  project: string,
  sources: Sources,
  target: string,
): SandboxStackFile {
  const { layout } = sandbox;
  const files = credentialFiles(layout);
  const readable = withoutEncrypted(committed.config ?? {}) as Record<string, unknown>;
  const values = unprefixed(readable, project);
  const authority = readFileSync(files.authority, "utf8");
  const overrides = sandboxOverrides(values, {
    kubeconfigs: Object.fromEntries(
      sandboxClusters(sandbox).map(({ name, kubeconfig }) => [name, kubeconfig]),
    ),
    context: contextName,
    repositoryUrl: repositoryUrl(layout.ports.git),
    branch,
    authority,
    vault: {
      server: `https://127.0.0.1:${layout.ports.vault}`,
      caCertificate: authority,
      path: "secret",
      authMountPrefix: "kubernetes",
      audience: "vault",
    },
    chartMirror: sources.charts === "official" ? undefined : layout.charts,
  });
  const config = deepMerge(readable, prefixed(overrides, project)) as Record<string, unknown>;
  const { encryptionsalt } = existsSync(target) ? readStackFile(target) : {};
  return {
    content: { ...(encryptionsalt && { encryptionsalt }), config },
    secrets: secretValues(sandbox, values),
    passphrase: { PULUMI_CONFIG_PASSPHRASE_FILE: files.passphrase },
  };
}

/** For the user's own cluster: the committed file as it is, but for the way to the cluster. */
function userClusterFile(
  sandbox: Sandbox,
  committed: StackFile,
  project: string,
  sources: Sources,
): SandboxStackFile {
  const { layout, settings } = sandbox;
  const overrides = {
    hub: { connection: { kubeconfig: layout.hub.kubeconfig, context: settings.context } },
    ...(sources.charts === "stand-in" && { charts: { mirror: layout.charts } }),
  };
  const [{ name }] = sandboxClusters(sandbox);
  const secrets = withoutKubeconfig(stackValue(committed, "secrets"), name);
  const stated = { ...committed.config, ...(secrets !== undefined && prefixed({ secrets }, project)) };
  const config = deepMerge(stated, prefixed(overrides, project)) as Record<string, unknown>;
  const passphrase = Object.fromEntries(
    ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].flatMap((name) =>
      process.env[name] ? [[name, process.env[name]]] : [],
    ),
  );
  if (committed.encryptionsalt && Object.keys(passphrase).length === 0) {
    throw new SandboxError(
      `Pulumi.${settings.stack}.yaml holds encrypted values and no passphrase is set`,
      "Set PULUMI_CONFIG_PASSPHRASE_FILE to the file with the passphrase of the stack, then run the command again.",
    );
  }
  const own = { PULUMI_CONFIG_PASSPHRASE_FILE: credentialFiles(layout).passphrase };
  return { content: { ...committed, config }, passphrase: committed.encryptionsalt ? passphrase : own };
}

/** Copies Pulumi.yaml without its program, which is given to the engine instead. Returns the project's name. */
function copyProject(from: string, to: string): string {
  const project = parse(readFileSync(join(from, "Pulumi.yaml"), "utf8")) as { main?: string; name: string };
  delete project.main;
  writePrivateFile(join(to, "Pulumi.yaml"), stringify(project));
  return project.name;
}

/** The name of the Pulumi project. */
export function projectName({ layout }: Sandbox): string {
  return (parse(readFileSync(join(layout.stack, "Pulumi.yaml"), "utf8")) as { name: string }).name;
}

/**
 * The stack of a sandbox, its settings written anew from the committed ones.
 *
 * @param variables added to the environment of the engine and its plugins.
 */
export async function openStack(
  sandbox: Sandbox,
  tools: ToolPaths,
  sources: Sources,
  variables: Readonly<Record<string, string>> = {},
): Promise<Stack> {
  const { layout, settings } = sandbox;
  for (const directory of [layout.stack, layout.backend, layout.pulumiHome]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  switchOffEngineLog(layout.pulumiHome);
  const project = copyProject(settings.workTree, layout.stack);
  const name = `Pulumi.${settings.stack}.yaml`;
  const committed = committedStackFile(sandbox);
  const target = join(layout.stack, name);
  const file = settings.context
    ? userClusterFile(sandbox, committed, project, sources)
    : ownClusterFile(sandbox, committed, project, sources, target);
  writePrivateFile(target, stringify(file.content));

  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: settings.stack, projectName: project, program },
    {
      workDir: layout.stack,
      pulumiHome: layout.pulumiHome,
      pulumiCommand: await engineCommand(sandbox, tools, sources),
      secretsProvider: "passphrase",
      envVars: { ...engineEnvironment(sandbox, tools, sources), ...file.passphrase, ...variables },
    },
  ).catch((error: Error) => {
    throw engineFailure("pulumi stack select", [lastLines(error.message)], error);
  });
  // Through the standard input: the arguments of a process can be read by every user of the machine.
  if (file.secrets)
    await runEngine(stack, ["config", "set", "secrets", "--secret"], JSON.stringify(file.secrets));
  return stack;
}

function secretValues(sandbox: Sandbox, committed: Record<string, unknown>): unknown {
  const files = credentialFiles(sandbox.layout);
  const read = (path: string) => readFileSync(path, "utf8");
  const password = read(files.gitPassword);
  let count = 0;
  // Derived, so that a second `up` finds the same values and changes nothing.
  const placeholder = () => createHmac("sha256", password).update(`placeholder ${count++}`).digest("hex");
  return sandboxSecrets(
    committed,
    {
      git: { username: gitUser, password },
      webhookSecret: read(files.webhookSecret),
      sealingKey: {
        certificate: read(files.sealing.certificate),
        privateKey: read(files.sealing.privateKey),
      },
    },
    placeholder,
  );
}
