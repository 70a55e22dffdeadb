import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { execa } from "execa";
import { checkRepository } from "../cli/manifests/check-repository";
import { renderRepository } from "../cli/manifests/repository";
import { writeKubeconformSchemas } from "./kubeconform-schemas";
import { writeRendered, writeRepository } from "./rendered-repository";

export const name = "platform check";

const cli = resolve(__dirname, "../cli/platform.cjs");

/** The tools compared with, as published Go modules. */
const modules = {
  kubeconform: "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0",
  "kube-score": "github.com/zegl/kube-score/cmd/kube-score@v1.20.0",
} as const;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The quickest of some runs: everything else on the machine can only make a run slower. */
async function quickest(runs: number, work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) best = Math.min(best, await seconds(work));
  return best;
}

/** Builds a tool once into the cache of this user. Undefined where there is no Go. */
async function goTool(tool: keyof typeof modules): Promise<string | undefined> {
  const directory = join(
    process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"),
    "gitops-platform",
    "bench",
  );
  const path = join(directory, tool);
  if (existsSync(path)) return path;
  mkdirSync(directory, { recursive: true });
  const { exitCode, stderr } = await execa("go", ["install", modules[tool]], {
    env: { GOBIN: directory, GOFLAGS: "-buildvcs=false" },
    reject: false,
  });
  if (exitCode === 0) return path;
  process.stderr.write(
    `NOT COMPARED with ${tool}: it cannot be built (${stderr || "go is not installed"})\n`,
  );
  return undefined;
}

/** Seconds that kubeconform and kube-score need together, or undefined where one of them cannot be had. */
async function others(rendered: string, schemas: string): Promise<number | undefined> {
  const [kubeconform, kubeScore] = [await goTool("kubeconform"), await goTool("kube-score")];
  if (!kubeconform || !kubeScore) return undefined;
  writeKubeconformSchemas(schemas);
  const location = `${schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  const files = (await execa("ls", [rendered])).stdout.split("\n").map((file) => join(rendered, file));
  return quickest(3, async () => {
    const validated = await execa(kubeconform, ["-strict", "-schema-location", location, rendered], {
      reject: false,
    });
    if (validated.exitCode !== 0)
      throw new Error(`kubeconform finds something else: ${validated.stdout}${validated.stderr}`);
    // It always finds something: its rules are its own.
    await execa(kubeScore, ["score", "--output-format", "ci", ...files], { reject: false });
  });
}

interface Measured {
  readonly services: number;
  readonly repository: number;
  readonly rendered: number;
  readonly others: number | undefined;
}

async function measure(services: number): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), "check-bench-"));
  try {
    const root = join(directory, "repository");
    const rendered = join(directory, "rendered");
    await writeRepository(root, services);
    const { builds } = await renderRepository(root);
    const outputs = builds.map(({ environment, service, objects }): [string, string] => [
      `${environment}-${service}`,
      objects.map(({ object }) => stringify(object, { aliasDuplicateObjects: false })).join("---\n"),
    ]);
    writeRendered(rendered, new Map(outputs));
    await checkRepository(root);
    return {
      services,
      repository: await quickest(3, () => checkRepository(root)),
      rendered: await quickest(3, () => execa("node", [cli, "check", rendered], { reject: false })),
      others: await others(rendered, join(directory, "schemas")),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function row({ services, repository, rendered, others }: Measured) {
  return {
    "services x 3 environments": services,
    "build and check, s": repository.toFixed(2),
    "per service, ms": ((repository / services) * 1000).toFixed(1),
    "check of rendered files, s": rendered.toFixed(2),
    "kubeconform + kube-score, s": others?.toFixed(2) ?? "not compared",
    "times as fast": others ? (others / rendered).toFixed(2) : "not compared",
  };
}

/**
 * Seven and two hundred services in three environments: the cost of one service in each, and the time of other tools
 * on the same rendered files. Needs kustomize; compares only where Go is installed.
 */
export async function run() {
  const [few, many] = [await measure(7), await measure(200)];
  return {
    rows: [row(few), row(many)],
    "cost of a service among 200, relative to among 7 (at most 1.2)": (
      many.repository /
      many.services /
      (few.repository / few.services)
    ).toFixed(2),
  };
}
