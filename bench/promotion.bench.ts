import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { environments } from "../config/environment";
import { applyChanges } from "../cli/promotion/apply";
import { imagePath, readImages } from "../cli/promotion/overlay";
import { planPromotion } from "../cli/promotion/plan";
import { goTool } from "./go-tool";

export const name = "platform promote";

const services = 500;
/** The other approach takes minutes; it starts the same two programs per image, so a part tells the whole. */
const sample = 20;

const kustomizeModule = "sigs.k8s.io/kustomize/kustomize/v5@v5.8.1";
const yqModule = "github.com/mikefarah/yq/v4@v4.47.1";

function serviceName(index: number): string {
  return `service-${String(index).padStart(3, "0")}`;
}

function imageFile(service: string, tag: string): string {
  const image = `imageTag:\n  name: ghcr.io/platform/${service}\n  newTag: "${tag}"\n  digest: sha256:${"a".repeat(64)}\n`;
  return `apiVersion: builtin\nkind: ImageTagTransformer\nmetadata:\n  name: image\n${image}`;
}

/** The layout of the original workflow: one kustomization per environment that lists every image. */
function kustomization(count: number, tag: string): string {
  const images = Array.from({ length: count }, (_, index) => {
    return `  - name: ghcr.io/platform/${serviceName(index)}\n    newTag: "${tag}"\n`;
  });
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n${images.join("")}`;
}

/** Every service differs between any two environments, so that nothing can be skipped. */
async function writeRepository(root: string): Promise<void> {
  for (const [step, environment] of environments.entries()) {
    for (let index = 0; index < services; index++) {
      const service = serviceName(index);
      const path = join(root, imagePath(environment, service));
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, imageFile(service, `1.${3 - step}.${index}`));
    }
    const folder = join(root, "seed", environment);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kustomization.yaml"), kustomization(services, `1.${3 - step}.0`));
  }
  await execa("git", ["init", "--quiet"], { cwd: root });
  await execa("git", ["add", "infrastructure"], { cwd: root });
  const identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.com"];
  await execa("git", [...identity, "commit", "--quiet", "--message", "Start"], { cwd: root });
}

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

async function planAll(root: string) {
  const images = await readImages(root, "HEAD");
  return [
    planPromotion(images, { from: "dev", to: "staging", services: [] }),
    planPromotion(images, { from: "staging", to: "production", services: [] }),
  ];
}

async function planAndWrite(root: string): Promise<void> {
  for (const plan of await planAll(root)) await applyChanges(root, plan.changes);
  await execa("git", ["checkout", "--quiet", "--", "."], { cwd: root });
}

/** What the original script does per image: read the tag with yq, write it with kustomize. */
async function promoteOneByOne(root: string, yq: string, kustomize: string): Promise<void> {
  for (const [from, to] of [
    ["dev", "staging"],
    ["staging", "production"],
  ] as const) {
    for (let index = 0; index < sample; index++) {
      const image = `ghcr.io/platform/${serviceName(index)}`;
      const query = `.images[] | select(.name == "${image}") | .newTag`;
      const source = join(root, "seed", from, "kustomization.yaml");
      const { stdout: tag } = await execa(yq, ["eval", query, source]);
      await execa(kustomize, ["edit", "set", "image", `${image}:${tag}`], { cwd: join(root, "seed", to) });
    }
  }
}

export async function run() {
  const root = mkdtempSync(join(tmpdir(), "platform-bench-"));
  try {
    await writeRepository(root);
    const plan = await quickest(3, () => planAll(root));
    const ours = await quickest(2, () => planAndWrite(root));
    const title = `${services} services, 3 environments`;
    const rows: { metric: string; value: number; unit: string; bound?: string }[] = [
      { metric: `plan of both promotions, ${title}`, value: plan, unit: "s", bound: "<= 1" },
      { metric: `plan and write, ${title}`, value: ours, unit: "s" },
    ];
    const [yq, kustomize] = [await goTool(yqModule), await goTool(kustomizeModule)];
    if (!yq || !kustomize) return rows;
    const perImage = (await seconds(() => promoteOneByOne(root, yq, kustomize))) / (2 * sample);
    const theirs = perImage * 2 * services;
    rows.push(
      {
        metric: `yq and kustomize edit per image, ${title} (from ${2 * sample} images)`,
        value: theirs,
        unit: "s",
      },
      { metric: "times faster than yq and kustomize edit", value: theirs / ours, unit: "x", bound: ">= 20" },
    );
    return rows;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
