import { constants } from "node:fs";
import { chmod, copyFile, cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { crdFiles } from "./crd-modules";

/** The stand-in charts and where in each of them its official counterpart keeps the custom resource definitions. */
export const standInCharts = {
  "argo-cd": "files/crds",
  "argo-rollouts": "files/crds",
  "cert-manager": "files/crds",
  "external-secrets": "files/crds",
  "sealed-secrets": "crds",
} as const;

export type StandInChart = keyof typeof standInCharts;

async function copyChart(chart: StandInChart, target: string): Promise<void> {
  await cp(join(__dirname, chart), target, { recursive: true });
  const folder = join(target, standInCharts[chart]);
  await mkdir(folder, { recursive: true });
  for (const file of await crdFiles(chart)) {
    const copy = join(folder, basename(file));
    await copyFile(file, copy, constants.COPYFILE_FICLONE);
    await chmod(copy, 0o644); // files of the module cache are read-only
  }
}

/**
 * Makes a folder of complete charts for `charts.mirror`: the stand-ins with the custom resource definitions of the
 * real projects, which are not part of this repository. An older mirror is replaced in one step; a run that was
 * killed leaves the older one or none.
 *
 * @throws SandboxError when the definitions cannot be had.
 */
export async function prepareChartMirror(targetDirectory: string): Promise<void> {
  await mkdir(dirname(targetDirectory), { recursive: true });
  const draft = await mkdtemp(`${targetDirectory}.`);
  try {
    const charts = Object.keys(standInCharts) as StandInChart[];
    await Promise.all(charts.map((chart) => copyChart(chart, join(draft, chart))));
    await rm(targetDirectory, { recursive: true, force: true });
    await rename(draft, targetDirectory);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
