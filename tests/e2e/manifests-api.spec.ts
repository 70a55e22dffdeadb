import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { readObjects } from "../../cli/manifests/yaml";
import { serviceNamespace } from "../../config/derive";
import { environments } from "../../config/environment";
import { crdFiles } from "../../sandbox/charts/crd-modules";
import { startControlPlanes } from "../../sandbox/control-plane/start";
import { sandboxLayout } from "../../sandbox/layout";
import { stopAllProcesses } from "../../sandbox/processes/supervisor";
import { toolPaths } from "../../sandbox/toolchain/build";
import { podTemplates } from "../../policy-pack/workloads";
import { kubectl, kustomize } from "./manifest-tools";

const infrastructure = resolve(__dirname, "../../infrastructure");
const overlays = join(infrastructure, "k8s/overlays");

/** What is delivered to Argo CD's own namespace: the root of each environment, and what its Applications point at. */
const ofArgoCd = [...environments, "dashboards", "monitoring"];

/** A pod needs an account that exists; those of the services are delivered with them. */
const account = "pod-admission";

describe("the overlays before a real API server", () => {
  const layout = sandboxLayout(join(mkdtempSync(join(tmpdir(), "control-plane-")), "s"), 25_440);

  const run = (args: string[], input = "") =>
    execa(kubectl, ["--kubeconfig", layout.hub.kubeconfig, ...args], { input, reject: false });

  const buildFolder = async (folder: string) => (await execa(kustomize, ["build", folder])).stdout;
  const build = (environment: string, service: string) => buildFolder(join(overlays, environment, service));
  const strictly = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"];

  before(async () => {
    await startControlPlanes(layout, [layout.hub], toolPaths(process.env), () => {});
    for (const kinds of ["argo-cd", "argo-rollouts", "external-secrets", "prometheus-operator"] as const) {
      for (const file of await crdFiles(kinds)) await run(["apply", "--server-side", "-f", file]);
    }
    await run(["create", "namespace", "argocd"]);
    for (const namespace of environments.map(serviceNamespace)) {
      await run(["create", "namespace", namespace]);
      await run(["create", "serviceaccount", account, "--namespace", namespace]);
      await run([
        "label",
        "namespace",
        namespace,
        "pod-security.kubernetes.io/enforce=restricted",
        "--overwrite",
      ]);
    }
  });

  after(async () => {
    await stopAllProcesses(layout);
    rmSync(dirname(layout.directory), { recursive: true, force: true });
  });

  it("would notice a field that the schema does not know", async () => {
    const wrong = (await build("dev", "bff")).replace("minReplicas", "minimumReplicas");
    const { exitCode, stderr } = await run(strictly, wrong);
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /minimumReplicas/);
  });

  it("would notice a pod that the restricted standard forbids", async () => {
    const metadata = { name: "root", namespace: "platform-dev" };
    const spec = {
      serviceAccountName: account,
      containers: [{ name: "root", image: "ghcr.io/platform/bff:1.5.0" }],
    };
    const manifest = stringify({ apiVersion: "v1", kind: "Pod", metadata, spec });
    const { stderr } = await run(["create", "--dry-run=server", "-f", "-"], manifest);
    assert.match(stderr, /PodSecurity "restricted/);
  });

  for (const folder of ofArgoCd) {
    it(`admit every object of infrastructure/argocd/${folder}, field by field`, async () => {
      const { exitCode, stderr } = await run(
        strictly,
        await buildFolder(join(infrastructure, "argocd", folder)),
      );
      assert.equal(exitCode, 0, stderr);
    });
  }

  for (const environment of environments) {
    for (const service of readdirSync(join(overlays, environment)).sort()) {
      it(`admit every object of ${service} in ${environment}, field by field`, async () => {
        const { exitCode, stderr } = await run(strictly, await build(environment, service));
        assert.equal(exitCode, 0, stderr);
      });

      it(`admit the pods of ${service} in ${environment} under the restricted Pod Security Standard`, async () => {
        const { objects } = readObjects(await build(environment, service), service);
        for (const [index, pod] of objects.flatMap(({ object }) => podTemplates(object)).entries()) {
          const spec = { ...pod.spec, serviceAccountName: account };
          const metadata = { name: `${service}-${index}`, namespace: serviceNamespace(environment) };
          const manifest = stringify({ apiVersion: "v1", kind: "Pod", metadata, spec });
          const { exitCode, stderr } = await run(
            ["create", "--dry-run=server", "--validate=strict", "-f", "-"],
            manifest,
          );
          assert.equal(exitCode, 0, stderr);
        }
      });
    }
  }
});
