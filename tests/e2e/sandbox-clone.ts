import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { sandboxLayout } from "../../sandbox/layout";
import type { TestSandbox } from "./sandbox-command";

/** A developer's clone of the repository that a sandbox serves. */
export class SandboxClone {
  private constructor(
    readonly directory: string,
    /** Variables that let git trust the sandbox; they win over its configuration. */
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async create({ directory, port }: TestSandbox): Promise<SandboxClone> {
    const { credentials, ports } = sandboxLayout(directory, port);
    const clone = new SandboxClone(mkdtempSync(join(tmpdir(), "platform-clone-")), {
      GIT_SSL_CAINFO: join(credentials, "ca.crt"),
    });
    const password = readFileSync(join(credentials, "git-password"), "utf8");
    await clone.git("init", "--quiet", "--initial-branch=main", ".");
    await clone.git("config", "user.name", "Ada");
    await clone.git("config", "user.email", "ada@example.com");
    await clone.git("remote", "add", "origin", `https://argocd:${password}@127.0.0.1:${ports.git}/platform`);
    await clone.git("fetch", "--quiet", "origin", "main");
    await clone.git("checkout", "--quiet", "-B", "main", "origin/main");
    await clone.git("branch", "--quiet", "--set-upstream-to=origin/main", "main");
    return clone;
  }

  async git(...args: string[]): Promise<string> {
    const { stdout } = await execa("git", args, { cwd: this.directory, env: this.environment });
    return stdout.trim();
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), "utf8");
  }

  /** Commits what has become of some files, and pushes it. */
  async change(subject: string, files: Readonly<Record<string, (text: string) => string>>): Promise<void> {
    await this.git("pull", "--quiet", "--rebase", "origin", "main");
    for (const [path, edit] of Object.entries(files)) {
      writeFileSync(join(this.directory, path), edit(this.read(path)));
    }
    await this.git("commit", "--quiet", "--all", "--message", subject);
    await this.git("push", "--quiet", "origin", "main");
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
