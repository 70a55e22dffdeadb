import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { evaluate } from "../policy-pack/evaluate";
import { loadExemptions } from "../policy-pack/exemptions";
import { rules } from "../policy-pack/rules";
import type { KubernetesObject } from "../policy-pack/rule";
import * as objects from "../tests/policy-pack/cases/objects";
import { goTool } from "./go-tool";

export const name = "policy";

const objectCount = 5000;

/** One service as the overlays deliver it: ten objects that keep to every rule. */
function service(number: number): KubernetesObject[] {
  const name = `service-${number}`;
  const labels = { "app.kubernetes.io/name": name };
  const text = JSON.stringify([
    objects.deployment(),
    objects.disruptionBudget(),
    { ...objects.networkPolicy(), spec: { podSelector: { matchLabels: labels }, policyTypes: ["Ingress"] } },
    objects.externalSecret(),
    objects.role("Role", { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }),
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "bff" },
      automountServiceAccountToken: false,
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "bff" },
      spec: { selector: labels, ports: [{ port: 80 }] },
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "bff" },
      data: { LOG_LEVEL: "info", APP_NAME: "bff" },
    },
    { ...objects.deployment(), kind: "StatefulSet" },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "bff" },
      spec: { template: { spec: objects.podSpec() } },
    },
  ]);
  return JSON.parse(text.replaceAll('"bff"', `"${name}"`)) as KubernetesObject[];
}

function bestOf(runs: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** From the start of the pack's process to the line with its port, for which the engine waits. */
async function loadPack(): Promise<void> {
  const child = spawn(process.execPath, ["main.cjs"], {
    cwd: resolve(__dirname, "../policy-pack"),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill();
}

/** @returns seconds of `platform check` and, where it can be built, of kube-score on the same file. */
async function onFile(all: readonly KubernetesObject[]): Promise<{ check: number; kubeScore?: number }> {
  const folder = mkdtempSync(join(tmpdir(), "policy-bench-"));
  try {
    const file = join(folder, "objects.yaml");
    writeFileSync(
      file,
      all.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n"),
    );
    const cli = resolve(__dirname, "../cli/platform.cjs");
    const quiet = { stdio: "ignore", reject: false } as const;
    const check = await seconds(() =>
      execa(process.execPath, [cli, "check", file, "--environment", "production"], quiet),
    );
    const tool = await goTool("github.com/zegl/kube-score/cmd/kube-score@v1.20.0");
    if (tool === undefined) return { check };
    return { check, kubeScore: await seconds(() => execa(tool, ["score", file], quiet)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run() {
  const all = Array.from({ length: objectCount / 10 }, (_, number) => service(number)).flat();
  const context = {
    environment: "production",
    exemptions: loadExemptions(),
    now: new Date(),
    rules,
    complete: false,
  } as const;
  const judging = bestOf(5, () => {
    // Fresh objects, as a run has them: nothing may be remembered from the run before.
    evaluate(
      structuredClone(all).map((object) => ({ object })),
      context,
    );
  });
  const loading = Math.min(await seconds(loadPack), await seconds(loadPack), await seconds(loadPack));
  const { check, kubeScore } = await onFile(all);
  return [
    {
      metric: `${objectCount} objects through all ${rules.length} rules`,
      value: judging,
      unit: "s",
      bound: "<= 2 s",
    },
    { metric: "the pack, from start to ready", value: loading, unit: "s", bound: "<= 2 s" },
    { metric: `platform check of the same ${objectCount} objects, whole command`, value: check, unit: "s" },
    ...(kubeScore === undefined
      ? []
      : [
          { metric: "kube-score v1.20.0 on the same file, whole command", value: kubeScore, unit: "s" },
          {
            metric: "judging: times faster than kube-score",
            value: kubeScore / judging,
            unit: "x",
            bound: ">= 2",
          },
          { metric: "whole command: times faster than kube-score", value: kubeScore / check, unit: "x" },
        ]),
  ];
}
