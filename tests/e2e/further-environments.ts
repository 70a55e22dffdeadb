import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../config/environment";
import type { TestSandbox } from "./sandbox-command";

type Json = Record<string, unknown>;

interface KubernetesObject extends Json {
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

async function read(sandbox: TestSandbox, ...args: string[]): Promise<KubernetesObject> {
  return JSON.parse(await sandbox.kubectl("get", ...args, "-o", "json")) as KubernetesObject;
}

/** What stays of an object when the API server's own fields are taken away. */
function copyOf(object: KubernetesObject, change: (copy: KubernetesObject) => void): KubernetesObject {
  const { status, ...rest } = structuredClone(object);
  void status;
  const { name, namespace, labels } = rest.metadata as KubernetesObject["metadata"];
  const copy = {
    ...rest,
    metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }) },
  } as KubernetesObject;
  change(copy);
  return copy;
}

/**
 * Lets the sandbox's one Argo CD deliver further environments to the same cluster, each into its own namespace and by
 * an ApplicationSet that is a copy of the real one: a promotion then travels through real deliveries.
 */
export async function addEnvironments(
  sandbox: TestSandbox,
  names: readonly Environment[],
  services: readonly string[],
): Promise<void> {
  const [role, binding, set, namespace] = await Promise.all([
    read(sandbox, "role", "argocd-deployer", "-n", "platform-dev"),
    read(sandbox, "rolebinding", "argocd-deployer", "-n", "platform-dev"),
    read(sandbox, "applicationset", "services", "-n", "argocd"),
    read(sandbox, "namespace", "platform-dev"),
  ]);
  const objects = names.flatMap((name) => {
    const inNamespace = (copy: KubernetesObject) => void (copy.metadata.namespace = `platform-${name}`);
    return [
      copyOf(namespace, (copy) => {
        copy.metadata.name = `platform-${name}`;
        delete copy.metadata.labels!["kubernetes.io/metadata.name"];
      }),
      copyOf(role, inNamespace),
      copyOf(binding, inNamespace),
      copyOf(set, (copy) => {
        copy.metadata.name = `services-${name}`;
        copy["spec"] = specFor(copy["spec"] as Json, name, services);
      }),
    ];
  });
  const namespaces = ["argocd", "platform-dev", ...names.map((name) => `platform-${name}`)];
  await sandbox.kubectl(
    "patch",
    "secret",
    "cluster-dev",
    "-n",
    "argocd",
    "--patch",
    JSON.stringify({ stringData: { namespaces: namespaces.join() } }),
  );
  const destinations = namespaces
    .slice(1)
    .map((name) => ({ server: "https://kubernetes.default.svc", name: "dev", namespace: name }));
  await sandbox.kubectl(
    "patch",
    "appproject",
    "platform",
    "-n",
    "argocd",
    "--type",
    "merge",
    "--patch",
    JSON.stringify({ spec: { destinations } }),
  );
  const file = join(sandbox.directory, "further-environments.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  await sandbox.kubectl("apply", "--server-side", "-f", file);
}

/** The ApplicationSet of dev, turned to some services of another environment on the same cluster. */
function specFor(spec: Json, name: Environment, services: readonly string[]): Json {
  const text = JSON.stringify(spec)
    .replaceAll('"environment":"dev"', `"environment":"${name}"`)
    .replaceAll("platform-dev", `platform-${name}`)
    .replaceAll("{{.path.basename}}-{{.nameNormalized}}", `{{.path.basename}}-${name}`);
  const result = JSON.parse(text) as {
    generators: [
      {
        matrix: {
          generators: [{ git: { directories: Json[] } }, { clusters: { selector: { matchLabels: Json } } }];
        };
      },
    ];
  };
  const [folders, clusters] = result.generators[0].matrix.generators;
  folders.git.directories = services.map((service) => ({
    path: `infrastructure/k8s/overlays/${name}/${service}`,
  }));
  // The one cluster is dev's, whatever is delivered to it.
  clusters.clusters.selector.matchLabels["environment"] = "dev";
  return result as unknown as Json;
}
