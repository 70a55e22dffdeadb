import pMap from "p-map";
import type { ResolvedConfig } from "../../../config/clusters";
import type { ResourceAction } from "../cluster-api";
import { type Cluster, perCluster } from "../context";
import { failed, type Finding, ok } from "../finding";

const verbs = ["get", "create", "patch", "delete"];
const reviewsAtOnce = 6;

/** Kinds by API group, as the rules of a role name them. */
type Kinds = Readonly<Record<string, readonly string[]>>;

// What index.ts writes on every cluster; a new kind in components/ belongs here too.
const onEveryCluster: Kinds = {
  "": ["namespaces", "serviceaccounts", "secrets", "configmaps", "services"],
  apps: ["deployments"],
  "apiextensions.k8s.io": ["customresourcedefinitions"],
  "rbac.authorization.k8s.io": ["clusterroles", "clusterrolebindings", "roles", "rolebindings"],
};

const onTheHub: Kinds = {
  apps: ["statefulsets"],
  "networking.k8s.io": ["networkpolicies"],
  "argoproj.io": ["applications", "applicationsets", "appprojects"],
};

function optional(config: ResolvedConfig, role: Cluster["role"]): Kinds[] {
  const { exposure, highAvailability } = config.argocd;
  const onHub = role === "hub";
  return [
    ...(config.vault
      ? [
          {
            "external-secrets.io": ["secretstores"],
            "admissionregistration.k8s.io": ["validatingwebhookconfigurations"],
          },
        ]
      : []),
    ...(highAvailability ? [{ policy: ["poddisruptionbudgets"] }] : []),
    ...(config.metrics ? [{ "monitoring.coreos.com": ["servicemonitors"] }] : []),
    ...(onHub && config.certManager
      ? [
          {
            "cert-manager.io": ["clusterissuers"],
            "admissionregistration.k8s.io": ["mutatingwebhookconfigurations"],
            batch: ["jobs"],
          },
        ]
      : []),
    ...(onHub && exposure.kind === "ingress" ? [{ "networking.k8s.io": ["ingresses"] }] : []),
    ...(onHub && exposure.kind === "gateway" ? [{ "gateway.networking.k8s.io": ["httproutes"] }] : []),
  ];
}

/** Everything that `up` must be allowed to do on a cluster. */
export function neededActions(config: ResolvedConfig, role: Cluster["role"]): ResourceAction[] {
  const kinds = [onEveryCluster, ...(role === "hub" ? [onTheHub] : []), ...optional(config, role)];
  return kinds
    .flatMap((entry) => Object.entries(entry))
    .flatMap(([group, resources]) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb }))),
    );
}

/** One finding that names all that is missing, instead of a failure per resource in the middle of `up`. */
export function judgePermissions(cluster: string, denied: readonly ResourceAction[], asked: number): Finding {
  if (denied.length === 0) return ok(cluster, `allows all ${asked} actions that \`up\` needs`);
  const titleOf = ({ group, resource }: ResourceAction) => [resource, group].filter(Boolean).join(".");
  const resources = [...new Set(denied.map(titleOf))];
  const lines = resources.map((resource) => {
    const missing = denied.filter((action) => titleOf(action) === resource);
    return `${missing.map(({ verb }) => verb).join(", ")} ${resource}`;
  });
  return failed(
    cluster,
    `denies ${denied.length} of ${asked} actions: ${lines.join("; ")}`,
    "give the kubeconfig's identity the role cluster-admin for the time of `up`, or these rights",
  );
}

/** Asks the API server itself, which knows of every authorizer. */
export const clusterPermissionsCheck = perCluster("cluster-permissions", async (cluster, { config }) => {
  const actions = neededActions(config, cluster.role);
  if (await cluster.api.isAllowed({ group: "*", resource: "*", verb: "*" })) {
    return [judgePermissions(cluster.name, [], actions.length)];
  }
  const answers = await pMap(
    actions,
    async (action) => ({ action, allowed: await cluster.api.isAllowed(action) }),
    { concurrency: reviewsAtOnce },
  );
  const denied = answers.filter(({ allowed }) => !allowed).map(({ action }) => action);
  return [judgePermissions(cluster.name, denied, actions.length)];
});
