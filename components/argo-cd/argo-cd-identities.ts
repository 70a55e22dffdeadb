import type { types } from "@pulumi/kubernetes";

/** The accounts of the hub under which Argo CD reads and writes what it delivers; the chart fixes their names. */
export const argoCdIdentities: types.input.rbac.v1.Subject[] = [
  { kind: "ServiceAccount", name: "argocd-application-controller", namespace: "argocd" },
  { kind: "ServiceAccount", name: "argocd-server", namespace: "argocd" },
];
