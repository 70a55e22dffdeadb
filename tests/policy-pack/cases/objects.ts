import type { KubernetesObject } from "../../../policy-pack/rule";

type Fields = Record<string, unknown>;

export const image = `ghcr.io/platform/bff:1.4.2@sha256:${"0".repeat(64)}`;

/** A container that every rule accepts. */
export function container(): Fields {
  return {
    name: "bff",
    image,
    ports: [{ name: "http", containerPort: 8080 }],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: "http" } },
    livenessProbe: { httpGet: { path: "/live", port: "http" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}

/** A pod spec that every rule accepts. */
export function podSpec(): Fields {
  return {
    serviceAccountName: "bff",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container()],
  };
}

const labels = { "app.kubernetes.io/name": "bff" };

export function deployment(): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "bff", namespace: "platform-production" },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec() },
    },
  };
}

export function networkPolicy(): KubernetesObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "default-deny", namespace: "platform-production" },
    spec: { podSelector: {}, policyTypes: ["Ingress"] },
  };
}

export function disruptionBudget(): KubernetesObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "bff", namespace: "platform-production" },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  };
}

export function role(kind: "Role" | "ClusterRole", rule: Fields): KubernetesObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata: { name: "reader", ...(kind === "Role" && { namespace: "platform-production" }) },
    rules: [rule],
  };
}

export function binding(role: string, subject: Fields): KubernetesObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "readers" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [subject],
  };
}

const argoCd = { apiVersion: "argoproj.io/v1alpha1" };
export const repository = "https://github.com/organization/platform";

export function application(): KubernetesObject {
  return {
    ...argoCd,
    kind: "Application",
    metadata: { name: "bff-hub", namespace: "argocd" },
    spec: {
      project: "platform",
      source: {
        repoURL: repository,
        targetRevision: "main",
        path: "infrastructure/k8s/overlays/production/bff",
      },
      destination: { server: "https://kubernetes.default.svc", namespace: "platform-production" },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ["ServerSideApply=true", "PruneLast=true"],
      },
    },
  };
}

export function applicationSet(): KubernetesObject {
  return {
    ...argoCd,
    kind: "ApplicationSet",
    metadata: { name: "services", namespace: "argocd" },
    spec: {
      goTemplate: true,
      goTemplateOptions: ["missingkey=error"],
      generators: [
        {
          matrix: {
            generators: [
              {
                git: {
                  repoURL: repository,
                  revision: "main",
                  directories: [{ path: "infrastructure/k8s/overlays/production/*" }],
                },
              },
              { clusters: { selector: { matchLabels: { environment: "production" } } } },
            ],
          },
        },
      ],
      template: {
        metadata: { name: "{{.path.basename}}-{{.nameNormalized}}" },
        spec: {
          project: "platform",
          source: { repoURL: repository, targetRevision: "main", path: "{{.path.path}}" },
          destination: { server: "{{.server}}", namespace: "platform-production" },
          syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["PruneLast=true"] },
        },
      },
      syncPolicy: { applicationsSync: "create-update", preserveResourcesOnDeletion: true },
    },
  };
}

export function appProject(): KubernetesObject {
  return {
    ...argoCd,
    kind: "AppProject",
    metadata: { name: "platform", namespace: "argocd" },
    spec: {
      sourceRepos: [repository],
      destinations: [
        { name: "hub", server: "https://kubernetes.default.svc", namespace: "platform-production" },
      ],
      clusterResourceWhitelist: [],
      permitOnlyProjectScopedClusters: true,
      roles: [
        {
          name: "developer",
          policies: ["p, proj:platform:developer, applications, sync, platform/*, allow"],
        },
      ],
      syncWindows: [
        {
          kind: "allow",
          schedule: "0 8 * * 1-5",
          duration: "9h",
          timeZone: "Europe/Berlin",
          applications: ["*"],
        },
      ],
    },
  };
}

export function settings(name: string, data: Fields): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "argocd" }, data };
}

export function clusterSecret(): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "cluster-eu",
      namespace: "argocd",
      labels: { "argocd.argoproj.io/secret-type": "cluster", environment: "production" },
    },
    stringData: {
      name: "eu",
      server: "https://eu.example.com",
      namespaces: "platform-production",
      config: JSON.stringify({ bearerToken: "token", tlsClientConfig: { insecure: false, caData: "Y2E=" } }),
    },
  };
}

export function secretStore(): KubernetesObject {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { name: "vault", namespace: "platform-production" },
    spec: {
      provider: {
        vault: {
          server: "https://vault.example.com",
          path: "secret",
          version: "v2",
          auth: {
            kubernetes: {
              mountPath: "kubernetes/hub",
              role: "platform-production",
              serviceAccountRef: { name: "vault" },
            },
          },
        },
      },
    },
  };
}

export function externalSecret(): KubernetesObject {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: "bff", namespace: "platform-production" },
    spec: {
      refreshInterval: "1h",
      secretStoreRef: { kind: "SecretStore", name: "vault" },
      target: { name: "bff", template: { data: { url: "{{ .url }}" } } },
      data: [{ secretKey: "url", remoteRef: { key: "platform/production/bff", property: "url" } }],
      dataFrom: [{ extract: { key: "platform/production/bff-more" } }],
    },
  };
}

export function release(chart: string, values: Fields): KubernetesObject {
  return {
    apiVersion: "pulumi.com/v1",
    kind: "kubernetes:helm.sh/v3:Release",
    metadata: { name: chart },
    spec: {
      chart,
      version: "v1.21.1",
      repositoryOpts: { repo: "https://charts.jetstack.io" },
      values,
    },
  };
}
