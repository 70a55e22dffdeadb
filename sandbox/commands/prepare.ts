import { join } from "node:path";
import {
  moduleDirectory,
  type ToolPaths,
  buildTool,
  lockBuilds,
  missingTools,
  toolPaths,
} from "../toolchain/build";
import { type Requirement, assertRequirements, requiredGoVersion } from "../toolchain/requirements";
import { tools } from "../toolchain/tools";
import { runSteps } from "./run-steps";

function requirements(): Requirement[] {
  const modules = [...new Set(tools.map(({ module }) => module))];
  const goVersion = requiredGoVersion(modules.map((module) => join(moduleDirectory(module), "go.mod")));
  return [
    {
      name: "node",
      minimum: "20.19.0",
      versionArguments: ["--version"],
      install: "Node.js 20.19 or newer (https://nodejs.org)",
    },
    {
      name: "git",
      minimum: "2.28.0",
      versionArguments: ["--version"],
      install: "git 2.28 or newer (https://git-scm.com)",
    },
    {
      name: "go",
      minimum: goVersion,
      versionArguments: ["env", "GOVERSION"],
      install: `Go ${goVersion} or newer (https://go.dev/dl)`,
    },
  ];
}

function elapsed(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

/** Builds what the cache does not hold yet, one tool after the other: each build uses every processor. */
async function buildMissing(paths: ToolPaths): Promise<void> {
  const release = await lockBuilds(process.env, (pid) =>
    console.log(`Waiting for process ${pid}, which builds the tools`),
  );
  try {
    const everySeconds = process.stdout.isTTY ? 1 : 15;
    const steps = missingTools(paths).map((tool) => ({
      title: `Build ${tool.name} ${tool.version}`,
      run: async (_context: object, report: (line: string) => void) => {
        const since = Date.now();
        const timer = setInterval(() => report(elapsed(since)), everySeconds * 1000);
        await buildTool(tool, paths[tool.name as keyof ToolPaths]).finally(() => clearInterval(timer));
      },
    }));
    await runSteps({}, steps);
  } finally {
    release();
  }
}

/** Checks what the machine must have and makes sure that every tool is built. */
export async function prepareTools(): Promise<ToolPaths> {
  await assertRequirements(requirements());
  const paths = toolPaths(process.env);
  if (missingTools(paths).length > 0) await buildMissing(paths);
  return paths;
}
