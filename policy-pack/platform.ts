import { chartVersions } from "../components/chart-versions";
import { serviceNamespace } from "../config/derive";
import { environments, type Environment } from "../config/environment";

/** The AppProjects that deliver the platform itself; every other project delivers services. */
export const adminProjects: ReadonlySet<string> = new Set(["bootstrap", "observability"]);

/** Namespaces whose owner controls the whole cluster. */
export const adminNamespaces = ["argocd", "kube-system"] as const;

/** Branches that nobody can push to without a review. */
export const protectedBranches: ReadonlySet<string> = new Set(["main"]);

/** Issuers that a Certificate may name. */
export const allowedIssuers: ReadonlySet<string> = new Set(["letsencrypt"]);

/** Where charts may come from. */
export const chartRepositories: readonly string[] = [
  ...Object.values(chartVersions).map(({ repository }) => repository),
  "oci://ghcr.io/argoproj/argo-helm",
  "oci://ghcr.io/external-secrets/charts",
  "oci://quay.io/jetstack/charts",
  "oci://registry-1.docker.io/bitnamicharts",
];

/** Registries of images; a service's own namespace accepts only the first. */
export const serviceImages = "ghcr.io/platform/";
export const imageRegistries: readonly string[] = [
  serviceImages,
  "docker.io/",
  "ecr-public.aws.com/",
  "gcr.io/",
  "ghcr.io/",
  "public.ecr.aws/",
  "quay.io/",
  "registry.k8s.io/",
];

/** Where the secrets of an environment lie in Vault. */
export function secretPrefix(environment: Environment): string {
  return `platform/${environment}/`;
}

/** The environments that a name speaks of, as a word of it: `platform-staging` speaks of staging. */
export function environmentsIn(name: string): readonly Environment[] {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  return environments.filter((environment) => words.includes(environment));
}

/** The other environment that a name speaks of, if any. */
export function otherEnvironmentIn(name: string, own: Environment): Environment | undefined {
  return environmentsIn(name).find((environment) => environment !== own);
}

/** Whether a namespace is one into which services are delivered, of whatever environment. */
export function isServiceNamespace(namespace: string): boolean {
  return environments.some((environment) => serviceNamespace(environment) === namespace);
}
