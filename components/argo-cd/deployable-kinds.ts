/** A kind that services may contain, as an AppProject and as an RBAC rule name it. */
export interface DeployableKind {
  readonly group: string;
  readonly kind: string;
  /** Plural resource name in RBAC rules. */
  readonly resource: string;
}

/**
 * The kinds that a service in git may contain. The one list behind two fences: what the AppProject accepts, and what
 * Argo CD's account on each cluster may write. All of them are namespaced.
 */
export const deployableKinds: readonly DeployableKind[] = [
  { group: "", kind: "ConfigMap", resource: "configmaps" },
  { group: "", kind: "Service", resource: "services" },
  { group: "", kind: "ServiceAccount", resource: "serviceaccounts" },
  { group: "", kind: "PersistentVolumeClaim", resource: "persistentvolumeclaims" },
  { group: "apps", kind: "Deployment", resource: "deployments" },
  { group: "apps", kind: "StatefulSet", resource: "statefulsets" },
  { group: "argoproj.io", kind: "AnalysisTemplate", resource: "analysistemplates" },
  { group: "argoproj.io", kind: "Rollout", resource: "rollouts" },
  { group: "autoscaling", kind: "HorizontalPodAutoscaler", resource: "horizontalpodautoscalers" },
  { group: "batch", kind: "CronJob", resource: "cronjobs" },
  { group: "batch", kind: "Job", resource: "jobs" },
  { group: "bitnami.com", kind: "SealedSecret", resource: "sealedsecrets" },
  { group: "external-secrets.io", kind: "ExternalSecret", resource: "externalsecrets" },
  { group: "gateway.networking.k8s.io", kind: "HTTPRoute", resource: "httproutes" },
  { group: "monitoring.coreos.com", kind: "PodMonitor", resource: "podmonitors" },
  { group: "monitoring.coreos.com", kind: "PrometheusRule", resource: "prometheusrules" },
  { group: "monitoring.coreos.com", kind: "ServiceMonitor", resource: "servicemonitors" },
  { group: "networking.k8s.io", kind: "Ingress", resource: "ingresses" },
  { group: "networking.k8s.io", kind: "NetworkPolicy", resource: "networkpolicies" },
  { group: "policy", kind: "PodDisruptionBudget", resource: "poddisruptionbudgets" },
];

/**
 * Kinds that controllers make from the deployable ones. Argo CD shows and assesses them only where the project permits
 * them, but its account on a cluster may not write them; see docs/decisions/0022.
 */
export const derivedKinds: readonly DeployableKind[] = [
  { group: "", kind: "Pod", resource: "pods" },
  { group: "apps", kind: "ControllerRevision", resource: "controllerrevisions" },
  { group: "apps", kind: "ReplicaSet", resource: "replicasets" },
  { group: "argoproj.io", kind: "AnalysisRun", resource: "analysisruns" },
];

/** What Argo CD reads on a cluster beside that, and never writes. */
export const observedResources: readonly Omit<DeployableKind, "kind">[] = [
  ...derivedKinds,
  { group: "", resource: "endpoints" },
  { group: "", resource: "events" },
  { group: "", resource: "pods/log" },
  { group: "discovery.k8s.io", resource: "endpointslices" },
];

/** What the platform team's own Applications may contain, in the namespace of Argo CD. */
export const observabilityKinds: readonly DeployableKind[] = deployableKinds.filter(({ kind }) =>
  ["ConfigMap", "PrometheusRule", "ServiceMonitor"].includes(kind),
);

/** What the root Application may contain. */
export const rootKinds: readonly Omit<DeployableKind, "resource">[] = [
  { group: "argoproj.io", kind: "Application" },
];
