import assert from "node:assert/strict";
import { renderAppProjectSpec, type AppProjectArgs } from "../../../components/argo-cd/app-project";
import { deployableKinds } from "../../../components/argo-cd/deployable-kinds";
import { deployerRules } from "../../../components/clusters/deployer-role";

const args: AppProjectArgs = {
  namespace: "argocd",
  project: "platform",
  description: "services",
  sourceRepos: ["https://github.com/organization/platform"],
  destinations: [
    {
      name: "dev",
      server: "https://kubernetes.default.svc",
      namespace: "platform-dev",
      unexpected: true,
    } as never,
  ],
  kinds: deployableKinds,
  roles: [
    {
      name: "developer",
      description: "sees",
      groups: ["developers"],
      permissions: [{ resource: "applications", action: "get" }],
    },
  ],
  protect: false,
};

describe("the fences around services", () => {
  const spec = renderAppProjectSpec(args);
  const writable = new Set(
    deployerRules
      .filter(({ verbs }) => (verbs as string[]).includes("create"))
      .flatMap(({ apiGroups, resources }) =>
        (resources as string[]).map((resource) => `${(apiGroups as string[])[0]}/${resource}`),
      ),
  );

  it("let Argo CD write on a cluster exactly what the project accepts", () => {
    const accepted = spec.namespaceResourceWhitelist.map(({ group, kind }) => {
      const { resource } = deployableKinds.find((entry) => entry.group === group && entry.kind === kind)!;
      return `${group}/${resource}`;
    });
    assert.deepEqual([...writable].sort(), accepted.sort());
  });

  it("contain no wildcard", () => {
    assert.ok(!JSON.stringify({ ...spec, roles: [] }).includes("*"));
    assert.ok(!JSON.stringify(deployerRules).includes("*"));
  });

  for (const kind of [
    "Secret",
    "Role",
    "RoleBinding",
    "Namespace",
    "ClusterRole",
    "CustomResourceDefinition",
  ]) {
    it(`keep ${kind} out`, () => {
      assert.ok(!deployableKinds.some((entry) => entry.kind === kind));
    });
  }

  it("accept no cluster-scoped kind", () => {
    assert.deepEqual(spec.clusterResourceWhitelist, []);
  });

  it("grant roles inside their own project only", () => {
    assert.deepEqual(spec.roles[0]!.policies, [
      "p, proj:platform:developer, applications, get, platform/*, allow",
    ]);
  });

  it("pass on nothing but the fields of a destination", () => {
    assert.deepEqual(Object.keys(spec.destinations[0]!), ["name", "server", "namespace"]);
  });
});
