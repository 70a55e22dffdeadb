import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parseDocument } from "yaml";
import { projectRoot } from "./sandbox-command";

/** A clone of the project that a test may change and commit to; a sandbox made from it follows its commits. */
export class WorkTree {
  private readonly parent = mkdtempSync(join(tmpdir(), "work-tree-"));
  readonly path = join(this.parent, "platform");

  async clone(): Promise<void> {
    await execa("git", ["clone", "--quiet", projectRoot, this.path]);
    symlinkSync(join(projectRoot, "node_modules"), join(this.path, "node_modules"));
    await this.git("config", "user.name", "A developer");
    await this.git("config", "user.email", "developer@example.com");
  }

  async git(...args: string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.path })).stdout.trim();
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), "utf8");
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.path, file), content);
  }

  /** Sets a value in a YAML file. */
  set(file: string, keys: readonly (string | number)[], value: unknown): void {
    const document = parseDocument(this.read(file));
    document.setIn(keys, document.createNode(value));
    this.write(file, document.toString());
  }

  /** Commits all changes. Returns the commit. */
  async commit(subject: string): Promise<string> {
    await this.git("add", "--all", "infrastructure");
    await this.git("commit", "--quiet", "--message", subject);
    return this.git("rev-parse", "HEAD");
  }

  remove(): void {
    rmSync(this.parent, { recursive: true, force: true });
  }
}
