import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Environment } from "../../../config/environment";
import { imagePath } from "../../../cli/promotion/overlay";

/** No setting of the machine's user may change what a test sees. */
const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

export function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, {
    cwd,
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trimEnd();
}

/** A service's image file as the project writes it. */
export function imageFile(service: string, tag: string, digest?: string): string {
  return [
    "apiVersion: builtin",
    "kind: ImageTagTransformer",
    "metadata:",
    "  name: image",
    "imageTag:",
    `  name: ghcr.io/platform/${service}`,
    `  newTag: "${tag}"`,
    ...(digest ? [`  digest: ${digest}`] : []),
    "",
  ].join("\n");
}

export function digestOf(character: string): string {
  return `sha256:${character.repeat(64)}`;
}

/** The images of every environment: service to tag. */
export type Tags = Partial<Record<Environment, Record<string, string>>>;

function configure(clone: string, name: string): void {
  git(clone, "config", "user.name", name);
  git(clone, "config", "user.email", `${name.toLowerCase()}@example.com`);
  git(clone, "config", "commit.gpgsign", "false");
}

function build(folder: string, tags: Tags, settings: string): void {
  const clone = join(folder, "clone");
  git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git");
  git(folder, "clone", "--quiet", "remote.git", clone);
  configure(clone, "Ada");
  git(clone, "switch", "--quiet", "--create", "main");
  const files = Object.entries(tags).flatMap(([name, services]) =>
    Object.entries(services).map(([service, tag]) => [
      imagePath(name as Environment, service),
      imageFile(service, tag),
    ]),
  );
  for (const [path, text] of [["infrastructure/promotion.yaml", settings], ...files]) {
    mkdirSync(dirname(join(clone, path!)), { recursive: true });
    writeFileSync(join(clone, path!), text!);
  }
  git(clone, "add", "--all");
  git(clone, "commit", "--quiet", "--message", "Start");
  git(clone, "push", "--quiet", "origin", "main");
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "platform-test-"));
}

/** Equal repositories are built once and copied: most of a test's time would be spent on starting git. */
const templates = new Map<string, string>();

function template(tags: Tags, settings: string): string {
  const key = JSON.stringify([tags, settings]);
  const known = templates.get(key);
  if (known) return known;
  const folder = temporaryFolder();
  build(folder, tags, settings);
  templates.set(key, folder);
  return folder;
}

/** A bare remote and a clone of it, in a folder of their own. */
export class TemporaryRepository {
  readonly folder = temporaryFolder();
  readonly remote = join(this.folder, "remote.git");
  readonly clone = join(this.folder, "clone");

  constructor(tags: Tags, settings: string) {
    const origin = template(tags, settings);
    cpSync(origin, this.folder, { recursive: true });
    const config = join(this.clone, ".git", "config");
    writeFileSync(config, readFileSync(config, "utf8").replaceAll(origin, this.folder));
  }

  write(path: string, text: string, clone = this.clone): void {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), text);
  }

  /** Commits everything and pushes it to the remote's main. */
  commit(subject: string, clone = this.clone): string {
    git(clone, "add", "--all");
    git(clone, "commit", "--quiet", "--message", subject);
    git(clone, "push", "--quiet", "origin", "HEAD:main");
    return git(clone, "rev-parse", "HEAD");
  }

  /** Sets one image and pushes it, as a delivery pipeline or another person would. */
  setImage(name: Environment, service: string, tag: string, digest?: string): string {
    git(this.clone, "pull", "--quiet", "--rebase", "origin", "main");
    this.write(imagePath(name, service), imageFile(service, tag, digest));
    return this.commit(`${service} ${tag} in ${name}`);
  }

  /** Another person's clone. Two people never make the same commit; one person twice in a second does. */
  cloneFor(name: string): string {
    const clone = join(this.folder, name);
    git(this.folder, "clone", "--quiet", this.remote, clone);
    configure(clone, name);
    return clone;
  }

  /** Text of a file at the remote's branch. */
  read(path: string, branch = "main"): string {
    return `${git(this.remote, "show", `${branch}:${path}`)}\n`;
  }

  tag(name: Environment, service: string): string {
    return /newTag: "(.*)"/.exec(this.read(imagePath(name, service)))![1]!;
  }

  head(branch = "main"): string {
    return git(this.remote, "rev-parse", branch);
  }

  /** Runs before every push that the remote receives; a non-zero exit refuses it. */
  hook(script: string): void {
    writeFileSync(join(this.remote, "hooks", "pre-receive"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  readLocal(path: string): string {
    return readFileSync(join(this.clone, path), "utf8");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
