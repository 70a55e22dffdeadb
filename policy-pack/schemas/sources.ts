/** A published Go module and the folder in it that holds definitions. */
export interface SchemaSource {
  readonly module: string;
  readonly version: string;
  readonly folder: string;
}

/** Origin of the schema of the kinds that Kubernetes itself serves. */
export const kubernetesSource: SchemaSource = {
  module: "k8s.io/kubernetes",
  version: "v1.34.3",
  folder: "api/openapi-spec",
};

/** Origins of the custom resource definitions that the platform uses. */
export const customResourceSources: readonly SchemaSource[] = [
  { module: "github.com/argoproj/argo-cd/v3", version: "v3.4.4", folder: "manifests/crds" },
  { module: "github.com/argoproj/argo-rollouts", version: "v1.9.0", folder: "manifests/crds" },
  {
    module: "github.com/bitnami-labs/sealed-secrets",
    version: "v0.27.1",
    folder: "helm/sealed-secrets/crds",
  },
  // The newest version that is published as a module; later ones serve the same v1.
  { module: "github.com/external-secrets/external-secrets", version: "v1.3.2", folder: "config/crds/bases" },
  { module: "github.com/cert-manager/cert-manager", version: "v1.21.1", folder: "deploy/crds" },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    folder: "example/prometheus-operator-crd",
  },
  { module: "sigs.k8s.io/gateway-api", version: "v1.4.0", folder: "config/crd/standard" },
];

/** Names every source with its version, as the generated file records it. */
export function origin(sources: readonly SchemaSource[]): string {
  return sources.map(({ module, version }) => `${module}@${version}`).join(" ");
}
