import { ClusterApi } from "../../../cli/doctor/cluster-api";
import type { ResolvedConfig } from "../../../config/clusters";
import { stackSchema } from "../../../config/schema";
import type { Check, Cluster, DoctorContext } from "../../../cli/doctor/context";
import type { Finding } from "../../../cli/doctor/finding";

/** A stack's configuration with nothing but what must be there, and what a test adds. */
export function configWith(more: Record<string, unknown> = {}): ResolvedConfig {
  const parsed = stackSchema.parse({
    hub: { name: "dev" },
    git: { url: "https://git.example.com/organization/platform" },
    argocd: { domain: "argocd.example.com" },
    ...more,
  });
  return { ...parsed, spokes: [] };
}

/** A cluster as doctor knows it. */
export function clusterOf(kubeconfig: string, name: string, role: Cluster["role"] = "hub"): Cluster {
  return {
    name,
    role,
    key: `secrets.kubeconfigs.${name}`,
    kubeconfig,
    context: undefined,
    api: ClusterApi.fromKubeconfig(kubeconfig, undefined),
  };
}

export function contextWith(clusters: readonly Cluster[], more: Partial<DoctorContext> = {}): DoctorContext {
  return {
    environment: "dev",
    stack: { directory: "/nowhere", project: "gitops-platform", stack: "dev" },
    config: configWith(),
    clusters,
    after: false,
    now: () => new Date(),
    ...more,
  };
}

/** `subject status` of every finding, which says all that a verdict decides. */
export async function verdicts(check: Check, context: DoctorContext): Promise<string[]> {
  return (await check.run(context)).map(verdict);
}

export function verdict({ subject, status }: Finding): string {
  return `${subject} ${status}`;
}
