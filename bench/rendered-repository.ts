import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environments } from "../config/environment";
import { addService } from "../cli/manifests/new-service";

const project = resolve(__dirname, "..");
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/**
 * Makes a folder with the manifests of this repository and as many services as asked for, in every environment.
 *
 * @param services at least the seven that this repository has.
 */
export async function writeRepository(root: string, services: number): Promise<void> {
  mkdirSync(root, { recursive: true });
  cpSync(join(project, "infrastructure"), join(root, "infrastructure"), { recursive: true });
  const examples = ["validation", "audit", "notification", "bff"];
  for (let index = 7; index < services; index++) {
    const like = examples[index % examples.length]!;
    for (const environment of environments) {
      await addService(root, { name: `service-${index}`, environment, like, tag: "1.0.0", digest });
    }
  }
}

/** Splits what kustomize printed into one file per overlay, so that every tool reads the same. */
export function writeRendered(folder: string, outputs: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of outputs) writeFileSync(join(folder, `${name}.yaml`), text);
}
