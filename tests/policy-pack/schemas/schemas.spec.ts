import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validateSchema } from "../../../policy-pack/schemas";
import { shareParts, shorten } from "../../../policy-pack/schemas/shorten";
import type { SchemaNode } from "../../../policy-pack/schemas/node";
import { customResourceSources, kubernetesSource, origin } from "../../../policy-pack/schemas/sources";
import { chartVersions } from "../../../components/chart-versions";
import { UnknownValueError } from "../../../policy-pack/unknown-value";

const folder = join(__dirname, "..", "..", "..", "policy-pack", "schemas");

function problems(object: object): string[] {
  return validateSchema(object).map(({ path, reason }) => `${reason} ${path}`);
}

const windows = [{ kind: "allow", schedule: "* * * * *", duration: "1h" }];
const kindsOfThePlatform: readonly [apiVersion: string, kind: string][] = [
  ["argoproj.io/v1alpha1", "Application"],
  ["argoproj.io/v1alpha1", "AppProject"],
  ["argoproj.io/v1alpha1", "ApplicationSet"],
  ["argoproj.io/v1alpha1", "Rollout"],
  ["argoproj.io/v1alpha1", "AnalysisTemplate"],
  ["argoproj.io/v1alpha1", "ClusterAnalysisTemplate"],
  ["bitnami.com/v1alpha1", "SealedSecret"],
  ["external-secrets.io/v1", "ExternalSecret"],
  ["external-secrets.io/v1", "SecretStore"],
  ["external-secrets.io/v1", "ClusterSecretStore"],
  ["cert-manager.io/v1", "Certificate"],
  ["cert-manager.io/v1", "Issuer"],
  ["cert-manager.io/v1", "ClusterIssuer"],
  ["monitoring.coreos.com/v1", "ServiceMonitor"],
  ["monitoring.coreos.com/v1", "PodMonitor"],
  ["monitoring.coreos.com/v1", "PrometheusRule"],
  ["gateway.networking.k8s.io/v1", "HTTPRoute"],
];

describe("the schemas of the policy pack", () => {
  for (const [apiVersion, kind] of kindsOfThePlatform) {
    it(`know every field of ${kind}`, () => {
      const found = problems({
        apiVersion,
        kind,
        metadata: { name: "a", lables: {} },
        spec: { syncWindoes: windows },
      });
      assert.ok(found.includes("unknown-field metadata.lables"), found.join());
      assert.ok(found.includes("unknown-field spec.syncWindoes"), found.join());
    });
  }

  it("know where a field belongs", () => {
    const argo = { apiVersion: "argoproj.io/v1alpha1", metadata: { name: "a" } };
    assert.deepEqual(problems({ ...argo, kind: "AppProject", spec: { syncWindows: windows } }), []);
    const application = { project: "a", destination: {}, syncPolicy: { syncWindows: windows } };
    assert.deepEqual(problems({ ...argo, kind: "Application", spec: application }), [
      "unknown-field spec.syncPolicy.syncWindows",
    ]);
  });

  it("follow a schema into itself", () => {
    const leaf = { type: "object", propertys: {} };
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      spec: {
        group: "a",
        names: { kind: "A", plural: "as" },
        scope: "Namespaced",
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { properties: { a: { properties: { b: leaf } } } } },
          },
        ],
      },
    };
    assert.deepEqual(problems(definition), [
      "unknown-field spec.versions[0].schema.openAPIV3Schema.properties.a.properties.b.propertys",
    ]);
  });

  it("leave open what a definition leaves open", () => {
    const valuesObject = { anything: { goes: [1, "a", null] } };
    const source = { repoURL: "a", chart: "b", helm: { valuesObject } };
    const object = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: {},
      spec: { project: "a", destination: {}, source },
    };
    assert.deepEqual(problems(object), []);
  });

  it("take a value that is not known yet for right", () => {
    const data = Object.defineProperty({}, "a", {
      enumerable: true,
      get: () => {
        throw new UnknownValueError("data.a");
      },
    });
    assert.deepEqual(problems({ apiVersion: "v1", kind: "ConfigMap", data }), []);
  });

  for (const value of [
    undefined,
    null,
    1,
    "text",
    [],
    {},
    { kind: "Pod" },
    { apiVersion: "v1" },
    { apiVersion: 1, kind: "Pod" },
  ]) {
    it(`call ${JSON.stringify(value) ?? "nothing"} no object`, () => {
      assert.ok(validateSchema(value).length > 0);
    });
  }

  it("were made from the sources that are written down", () => {
    for (const [file, sources] of [
      ["kubernetes.ndjson", [kubernetesSource]],
      ["custom-resources.ndjson", customResourceSources],
    ] as const) {
      const [first] = readFileSync(join(folder, file), "utf8").split("\n");
      assert.deepEqual(JSON.parse(first!), ["origin", origin(sources)]);
    }
  });

  it("are those of the versions that are installed, where these are published as modules", () => {
    const version = (module: string) =>
      customResourceSources.find((source) => source.module.includes(module))?.version;
    assert.equal(version("argo-cd"), `v${chartVersions.argoCd.appVersion}`);
    assert.equal(version("argo-rollouts"), `v${chartVersions.argoRollouts.appVersion}`);
    assert.equal(version("cert-manager"), `v${chartVersions.certManager.appVersion}`);
  });
});

describe("shortening an OpenAPI schema", () => {
  it("keeps fields, what is required, and whether unknown fields are kept", () => {
    const schema = {
      type: "object",
      required: ["a"],
      "x-kubernetes-preserve-unknown-fields": true,
      properties: {
        a: { type: "string", description: "dropped" },
        b: { "x-kubernetes-int-or-string": true },
        c: { type: "array", items: { type: "integer" } },
        d: { type: "object", additionalProperties: { type: "boolean" } },
        e: { type: "string", enum: ["x", "y"] },
        f: { $ref: "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity" },
        g: { type: "object" },
        h: { "x-kubernetes-preserve-unknown-fields": true },
        i: { type: "number" },
      },
    };
    assert.deepEqual(shorten(schema), {
      p: {
        a: "s",
        b: "q",
        c: { a: "i" },
        d: { m: "b" },
        e: { e: ["x", "y"] },
        f: "q",
        g: "o",
        h: "x",
        i: "n",
      },
      r: ["a"],
      u: true,
    });
  });

  it("writes a part that occurs twice once", () => {
    const part: SchemaNode = { p: Object.fromEntries("abcdefghijkl".split("").map((name) => [name, "s"])) };
    const shared = shareParts(new Map<string, SchemaNode>([["A", { p: { x: part, y: { a: part } } }]]));
    assert.deepEqual(
      [...shared],
      [
        ["A", { p: { x: { $: "#0" }, y: { a: { $: "#0" } } } }],
        ["#0", part],
      ],
    );
  });
});
