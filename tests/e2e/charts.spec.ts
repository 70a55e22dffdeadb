import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse, parseAllDocuments, stringify } from "yaml";
import { chartVersions, type ChartName, type ChartVersion } from "../../components/chart-versions";
import { crdFiles } from "../../sandbox/charts/crd-modules";
import { prepareChartMirror, type StandInChart } from "../../sandbox/charts/mirror";
import { renderedValues } from "../components/rendered-values";
import { toolPaths } from "../../sandbox/toolchain/build";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly data?: Record<string, string>;
  readonly spec?: Record<string, unknown>;
}

interface Container {
  readonly name: string;
  readonly securityContext?: Record<string, unknown>;
}

interface PodSpec {
  readonly containers: Container[];
  readonly initContainers?: Container[];
  readonly securityContext?: Record<string, unknown>;
}

const { helm } = toolPaths(process.env);

const monitoring = ["monitoring.coreos.com/v1", "monitoring.coreos.com/v1/ServiceMonitor"];

describe("the stand-in charts", function () {
  this.timeout(120_000);
  let mirror: string;

  before(async () => {
    mirror = join(await mkdtemp(join(tmpdir(), "charts-")), "mirror");
    await prepareChartMirror(mirror);
  });

  after(async () => rm(join(mirror, ".."), { recursive: true, force: true }));

  async function render(chart: string, values: object, folder = mirror): Promise<Manifest[]> {
    const apis = monitoring.flatMap((api) => ["--api-versions", api]);
    const { stdout } = await execa(
      helm,
      [
        "template",
        "release",
        join(folder, chart),
        "--namespace=test",
        "--include-crds",
        "--kube-version=1.34.3",
        "--values=-",
        ...apis,
      ],
      { input: stringify(values, { keepUndefined: false }) },
    );
    return parseAllDocuments(stdout)
      .map((document) => document.toJS() as Manifest | null)
      .filter((manifest) => manifest !== null);
  }

  const find = (manifests: Manifest[], kind: string, name: string) =>
    manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

  for (const [name, { chart }] of Object.entries<ChartVersion>(chartVersions)) {
    for (const [kind, values] of Object.entries<object>(renderedValues[name as ChartName])) {
      it(`render ${chart} with the values of the program (${kind}), without hooks and with restricted pods`, async () => {
        const manifests = await render(chart, values);
        const hooks = manifests.filter((manifest) => manifest.metadata.annotations?.["helm.sh/hook"]);
        assert.deepEqual(hooks, []);
        const workloads = manifests.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
        assert.ok(workloads.length > 0);
        for (const { metadata, spec } of workloads) {
          const pod = (spec as { template: { spec: PodSpec } }).template.spec;
          for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
            const context = { ...pod.securityContext, ...container.securityContext };
            const { runAsNonRoot, allowPrivilegeEscalation, seccompProfile, capabilities } = context;
            assert.deepEqual(
              { runAsNonRoot, allowPrivilegeEscalation, seccompProfile, capabilities },
              {
                runAsNonRoot: true,
                allowPrivilegeEscalation: false,
                seccompProfile: { type: "RuntimeDefault" },
                capabilities: { drop: ["ALL"] },
              },
              `${metadata.name}/${container.name}`,
            );
          }
        }
      });
    }

    it(`carry the definitions of ${chart} unchanged`, async () => {
      const manifests = await render(chart, renderedValues[name as ChartName].full);
      const specs = new Map(
        manifests
          .filter(({ kind }) => kind === "CustomResourceDefinition")
          .map(({ metadata, spec }) => [metadata.name, spec]),
      );
      assert.ok(specs.size > 0);
      for (const file of await crdFiles(chart as StandInChart)) {
        const crd = parse(await readFile(file, "utf8")) as Manifest;
        if (specs.has(crd.metadata.name)) assert.deepEqual(specs.get(crd.metadata.name), crd.spec);
      }
    });

    it(`refuse a misspelt key in the values of ${chart}`, async () => {
      await assert.rejects(
        render(chart, { ...renderedValues[name as ChartName].plain, misspelt: true }),
        /misspelt/,
      );
    });
  }

  it("refuse to install Argo CD without its definitions", async () => {
    await assert.rejects(
      render("argo-cd", renderedValues.argoCd.plain, join(__dirname, "../../sandbox/charts")),
      /no CRDs in files\/crds/,
    );
  });

  it("put what the program says about Argo CD where Argo CD reads it", async () => {
    const manifests = await render("argo-cd", renderedValues.argoCd.ingress);
    const configuration = find(manifests, "ConfigMap", "argocd-cm");
    assert.equal(configuration?.data?.["url"], "https://argocd.example.com");
    assert.equal(configuration?.data?.["admin.enabled"], "false");
    const parameters = find(manifests, "ConfigMap", "argocd-cmd-params-cm")?.data;
    assert.equal(parameters?.["server.insecure"], "true");
    assert.equal(parameters?.["redis.server"], "release-redis-ha-haproxy:6379");
    const ingress = find(manifests, "Ingress", "release-argocd-server")?.spec;
    assert.deepEqual(ingress?.["tls"], [{ hosts: ["argocd.example.com"], secretName: "argocd-server-tls" }]);
    assert.deepEqual(
      manifests.filter(({ kind }) => kind.startsWith("ClusterRole")),
      [],
    );
  });
});
