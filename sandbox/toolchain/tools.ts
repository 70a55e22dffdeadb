/** A text that a source holds exactly once, and what stands there instead. */
export interface Replacement {
  readonly from: string;
  readonly to: string;
}

/** Files of a module that are built with something replaced, where a program has no flag for what a sandbox needs. */
export interface ChangedSources {
  readonly module: string;
  readonly files: readonly string[];
  readonly replacements: readonly Replacement[];
}

/** For programs with a flag for the port of their metrics, and none for the address. */
const onLoopback: readonly Replacement[] = [{ from: '"0.0.0.0:%d"', to: '"127.0.0.1:%d"' }];

/** A program built from its published Go module, at the version that the module's go.mod pins. */
export interface Tool {
  readonly name: string;
  /** Folder beside this file that holds the go.mod; tools of one folder share their compiled packages. */
  readonly module: "controlplane" | "pulumi" | "kwok" | "rollouts" | "vault" | "external-secrets";
  /** Go package of the program. */
  readonly package: string;
  readonly version: string;
  /** Variables to set at link time. */
  readonly linkVariables?: Readonly<Record<string, string>>;
  readonly changes?: ChangedSources;
  /** Folder of the module that is kept beside the program. */
  readonly keptFolder?: string;
}

const kubernetesVersion = "v1.34.3";
const [kubernetesMajor = "", kubernetesMinor = ""] = kubernetesVersion.slice(1).split(".");

// Without a version in the API server, charts that state a kubeVersion refuse to be rendered.
const kubernetesLinkVariables = {
  "k8s.io/component-base/version.gitVersion": kubernetesVersion,
  "k8s.io/component-base/version.gitMajor": kubernetesMajor,
  "k8s.io/component-base/version.gitMinor": kubernetesMinor,
  "k8s.io/component-base/version.gitTreeState": "clean",
};

function kubernetes<Name extends string>(name: Name) {
  return {
    name,
    module: "controlplane",
    package: `k8s.io/kubernetes/cmd/${name}`,
    version: kubernetesVersion,
    linkVariables: kubernetesLinkVariables,
  } as const;
}

/** Every program the sandbox runs, in the order in which they are built. */
export const tools = [
  { name: "etcd", module: "controlplane", package: "go.etcd.io/etcd/server/v3", version: "v3.6.4" },
  kubernetes("kube-apiserver"),
  kubernetes("kube-controller-manager"),
  kubernetes("kube-scheduler"),
  kubernetes("kubectl"),
  {
    name: "helm",
    module: "controlplane",
    package: "helm.sh/helm/v3/cmd/helm",
    version: "v3.19.0",
    linkVariables: {
      "helm.sh/helm/v3/internal/version.version": "v3.19.0",
      // Charts that state a kubeVersion are rendered for this one where no cluster is asked.
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": kubernetesMajor,
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": kubernetesMinor,
    },
  },
  {
    name: "kustomize",
    module: "controlplane",
    package: "sigs.k8s.io/kustomize/kustomize/v5",
    version: "v5.8.1",
    linkVariables: { "sigs.k8s.io/kustomize/api/provenance.version": "v5.8.1" },
  },
  { name: "redis", module: "controlplane", package: "./redis", version: "miniredis v2.35.0" },
  {
    name: "argocd",
    module: "controlplane",
    package: "github.com/argoproj/argo-cd/v3/cmd",
    version: "v3.2.11",
    linkVariables: { "github.com/argoproj/argo-cd/v3/common.version": "3.2.11" },
    changes: {
      module: "github.com/argoproj/argo-cd/v3",
      files: ["controller/appcontroller.go", "cmd/argocd-notification/commands/controller.go"],
      replacements: onLoopback,
    },
    keptFolder: "manifests",
  },
  {
    name: "sealed-secrets-controller",
    module: "controlplane",
    package: "github.com/bitnami-labs/sealed-secrets/cmd/controller",
    version: "v0.27.1",
    linkVariables: { "main.VERSION": "0.27.1" },
    // It reads its credentials from a path that only a container has.
    changes: {
      module: "github.com/bitnami-labs/sealed-secrets",
      files: ["pkg/controller/main.go"],
      replacements: [
        { from: '"k8s.io/client-go/rest"', to: '"k8s.io/client-go/tools/clientcmd"' },
        { from: "rest.InClusterConfig()", to: 'clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))' },
      ],
    },
  },
  {
    name: "kubeseal",
    module: "controlplane",
    package: "github.com/bitnami-labs/sealed-secrets/cmd/kubeseal",
    version: "v0.27.1",
    linkVariables: { "main.VERSION": "0.27.1" },
  },
  {
    name: "rollouts-controller",
    module: "rollouts",
    package: "github.com/argoproj/argo-rollouts/cmd/rollouts-controller",
    version: "v1.9.0",
    linkVariables: { "github.com/argoproj/argo-rollouts/utils/version.version": "v1.9.0" },
    changes: {
      module: "github.com/argoproj/argo-rollouts",
      files: ["controller/controller.go"],
      replacements: onLoopback,
    },
  },
  {
    name: "external-secrets",
    module: "external-secrets",
    package: "github.com/external-secrets/external-secrets",
    version: "v0.20.4",
    // Of some forty providers the platform uses one; the others are most of the program.
    changes: {
      module: "github.com/external-secrets/external-secrets",
      files: ["pkg/provider/register/register.go"],
      replacements: [
        {
          from: "\t// To ensure all providers are registered, we import them here.",
          to: '\t_ "github.com/external-secrets/external-secrets/pkg/provider/vault"\n)\n\n/*',
        },
        {
          from: '\t_ "github.com/external-secrets/external-secrets/pkg/provider/yandex/lockbox"\n)',
          to: "*/",
        },
      ],
    },
  },
  { name: "vault", module: "vault", package: "./server", version: "v1.21.4" },
  { name: "kwok", module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", version: "v0.7.0" },
  {
    name: "pulumi",
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: "v3.250.0",
    linkVariables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.250.0" },
  },
] as const satisfies readonly Tool[];

export type ToolName = (typeof tools)[number]["name"];
