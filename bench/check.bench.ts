import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { checkRepository } from "../cli/manifests/check-repository";
import { renderRepository } from "../cli/manifests/repository";
import { goTool } from "./go-tool";
import { writeKubeconformSchemas } from "./kubeconform-schemas";
import { writeRendered, writeRepository } from "./rendered-repository";

export const name = "platform check";

const cli = resolve(__dirname, "../cli/platform.cjs");

/** The tools compared with, as published Go modules. */
const modules = {
  kubeconform: "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0",
  kubeScore: "github.com/zegl/kube-score/cmd/kube-score@v1.20.0",
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

/** Seconds that kubeconform and kube-score need together, or undefined where one of them cannot be had. */
async function others(rendered: string, schemas: string): Promise<number | undefined> {
  const [kubeconform, kubeScore] = [await goTool(modules.kubeconform), await goTool(modules.kubeScore)];
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

function rows({ services, repository, rendered, others }: Measured) {
  const what = `${services} services in 3 environments`;
  return [
    {
      metric: `${what}: build and check`,
      value: repository,
      unit: "s",
      ...(services === 7 && { bound: "at most 10" }),
    },
    { metric: `${what}: per service`, value: (repository / services) * 1000, unit: "ms" },
    { metric: `${what}: check of the rendered files`, value: rendered, unit: "s" },
    ...(others === undefined
      ? []
      : [
          { metric: `${what}: kubeconform and kube-score of the same files`, value: others, unit: "s" },
          {
            metric: `${what}: platform check is faster`,
            value: others / rendered,
            unit: "times",
            // With few files it is the start of Node.js that is measured.
            ...(services > 7 && { bound: "more than 1" }),
          },
        ]),
  ];
}

/**
 * Seven and two hundred services in three environments: the cost of one service in each, and the time of other tools
 * on the same rendered files. Needs kustomize; compares only where Go is installed.
 */
export async function run() {
  const [few, many] = [await measure(7), await measure(200)];
  const ratio = many.repository / many.services / (few.repository / few.services);
  return [
    ...rows(few),
    ...rows(many),
    {
      metric: "cost of a service among 200, relative to among 7",
      value: ratio,
      unit: "times",
      bound: "at most 1.2",
    },
  ];
}
