import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { listens } from "../control-plane/processes";
import type { SandboxLayout } from "../layout";
import { type ProcessSpec, ensureProcess, waitUntilReady } from "../processes/supervisor";
import { type FollowResult, ensureRepository, followWorkTree } from "./repository";
import { gitServerSettings } from "./settings";

function gitServer(layout: SandboxLayout, workTree: string): ProcessSpec {
  const tsx = pathToFileURL(createRequire(__filename).resolve("tsx")).href;
  return {
    name: "git",
    command: process.execPath,
    args: [
      "--import",
      tsx,
      join(__dirname, "server.ts"),
      JSON.stringify(gitServerSettings(layout, workTree)),
    ],
    ports: [layout.ports.git],
    ready: () => listens(layout.ports.git),
  };
}

/** Serves the work tree's commits over https. Returns how the served branch stands to the work tree. */
export async function startGit(layout: SandboxLayout, workTree: string): Promise<FollowResult> {
  await ensureRepository(layout.repository, layout.directory);
  const result = await followWorkTree(layout.repository, workTree);
  const spec = gitServer(layout, workTree);
  await ensureProcess(layout, spec);
  await waitUntilReady(layout, spec);
  return result;
}
