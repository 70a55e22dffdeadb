import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxError } from "../errors";
import { go } from "../toolchain/go";

/** A published Go module that carries custom resource definitions as files. */
export interface CrdModule {
  readonly path: string;
  readonly version: string;
  /** The checksum that `go mod download` must report, as a go.sum would hold it. */
  readonly sum: string;
  /** Folder of the definitions inside the module. */
  readonly folder: string;
}

/** Where the definitions of the sandbox come from; what differs from the official charts is in docs/sandbox-charts.md. */
export const crdModules = {
  "argo-cd": {
    path: "github.com/argoproj/argo-cd/v3",
    version: "v3.2.11",
    sum: "h1:3hkR11XCp/nlyM2cWr3qeUSGuZgi3JkFdMpzgL5qOR8=",
    folder: "manifests/crds",
  },
  "argo-rollouts": {
    path: "github.com/argoproj/argo-rollouts",
    version: "v1.9.0",
    sum: "h1:bXgBpwCByXyAUcgBnyP0fxkSW2CEot78InTFjFlag5g=",
    folder: "manifests/crds",
  },
  "sealed-secrets": {
    path: "github.com/bitnami-labs/sealed-secrets",
    version: "v0.27.1",
    sum: "h1:oSq/rCGYz0pk7RP4RacIorG/VCWA6c4D8wIEpRkZAUg=",
    folder: "helm/sealed-secrets/crds",
  },
  "external-secrets": {
    path: "github.com/external-secrets/external-secrets",
    version: "v1.3.2",
    sum: "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
    folder: "config/crds/bases",
  },
  "cert-manager": {
    path: "github.com/cert-manager/cert-manager",
    version: "v1.21.1",
    sum: "h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=",
    folder: "deploy/crds",
  },
  "prometheus-operator": {
    path: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    sum: "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
    folder: "example/prometheus-operator-crd",
  },
  "gateway-api": {
    path: "sigs.k8s.io/gateway-api",
    version: "v1.4.0",
    sum: "h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=",
    folder: "config/crd/standard",
  },
} as const satisfies Record<string, CrdModule>;

export type CrdModuleName = keyof typeof crdModules;

/**
 * The files with a module's custom resource definitions, in Go's module cache; downloads the module when it is not there.
 *
 * @throws SandboxError when the module cannot be had or is not the one that was pinned.
 */
export async function crdFiles(name: CrdModuleName): Promise<string[]> {
  const module: CrdModule = crdModules[name];
  // Outside of any module, so that no go.mod has a say in what is downloaded.
  const answer = await go(["mod", "download", "-json", `${module.path}@${module.version}`], tmpdir()).catch(
    (error: Error) => {
      throw new SandboxError(
        `The Go module ${module.path} ${module.version}, which carries the definitions of ${name}, cannot be downloaded`,
        "Check that the Go module proxy (`go env GOPROXY`) is reachable, then run the command again.",
        { cause: error },
      );
    },
  );
  const { Dir: directory, Sum: sum } = JSON.parse(answer) as { Dir: string; Sum: string };
  if (sum !== module.sum) {
    throw new SandboxError(
      `The Go module ${module.path} ${module.version} has the checksum ${sum} instead of ${module.sum}`,
      "Find out who changed it; empty the module cache with `go clean -modcache` if only the local copy is wrong.",
    );
  }
  const folder = join(directory, module.folder);
  const files = (await readdir(folder)).filter(
    (file) => /\.ya?ml$/.test(file) && file !== "kustomization.yaml",
  );
  return files.sort().map((file) => join(folder, file));
}
