import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";

export const name = "program start";

const runs = 7;

const kubeconfig = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "bench",
  contexts: [{ name: "bench", context: { cluster: "bench", user: "bench" } }],
  clusters: [{ name: "bench", cluster: { server: "https://bench.example.com" } }],
  users: [{ name: "bench", user: { token: "none" } }],
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function firstResource(program: string, config: object): Promise<number> {
  const script = path.join(__dirname, "first-resource.ts");
  const { stdout } = await execa("node", ["--import", "tsx", script, program, JSON.stringify(config)], {
    cwd: path.join(__dirname, ".."),
    // The SDK calls a program that ends at its first resource a failure.
    reject: false,
  });
  return Number(stdout);
}

/** Both programs in turns, so that whatever else the machine does meets both. */
export async function run() {
  const folder = mkdtempSync(path.join(tmpdir(), "gitops-platform-bench-"));
  try {
    const file = path.join(folder, "kubeconfig");
    writeFileSync(file, kubeconfig);
    const config = {
      "gitops-platform:hub": JSON.stringify({ name: "dev", connection: { kubeconfig: file } }),
      "gitops-platform:git": JSON.stringify({ url: "https://github.com/organization/platform" }),
      "gitops-platform:argocd": JSON.stringify({ domain: "argocd.example.com" }),
    };
    const platform: number[] = [];
    const empty: number[] = [];
    for (let turn = 0; turn < runs; turn++) {
      empty.push(await firstResource("bench/empty-program.ts", {}));
      platform.push(await firstResource("index.ts", config));
    }
    return [
      { metric: "first resource, empty program", value: median(empty), unit: "ms" },
      { metric: "first resource, this program", value: median(platform), unit: "ms" },
      {
        metric: "ratio",
        value: median(platform.map((value, turn) => value / empty[turn]!)),
        unit: "x",
        bound: "at most 1.5",
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
