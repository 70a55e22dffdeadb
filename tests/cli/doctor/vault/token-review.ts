import { readFileSync } from "node:fs";
import { ClusterApi } from "../../../../cli/doctor/cluster-api";
import type { ReviewToken } from "./login";

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: { readonly username?: string; readonly uid?: string };
    readonly audiences?: readonly string[];
  };
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/ */
export function tokenReviewer(kubeconfig: string): ReviewToken {
  return async (token, audience) => {
    const api = ClusterApi.fromKubeconfig(readFileSync(kubeconfig, "utf8"), undefined);
    const { status } = (await api.create("/apis/authentication.k8s.io/v1/tokenreviews", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token, audiences: [audience] },
    })) as TokenReview;
    return {
      authenticated: status?.authenticated === true && (status.audiences ?? []).includes(audience),
      username: status?.user?.username ?? "",
      uid: status?.user?.uid ?? "",
    };
  };
}
