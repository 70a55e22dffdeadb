/** Credentials of a registered cluster as Argo CD reads them from the Secret's `config` key. */
export type ClusterCredentials =
  | { readonly kind: "inCluster" }
  | { readonly kind: "token"; readonly token: string; readonly caCertificate: string }
  | { readonly kind: "exec"; readonly command: ExecCommand; readonly caCertificate: string }
  | {
      readonly kind: "eks";
      readonly clusterName: string;
      readonly roleArn?: string | undefined;
      readonly caCertificate: string;
    };

export interface ExecCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/**
 * The `config` value of a cluster Secret.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
 */
export function renderClusterConfig(credentials: ClusterCredentials): string {
  switch (credentials.kind) {
    case "inCluster":
      return JSON.stringify({ tlsClientConfig: { insecure: false } });
    case "token":
      return JSON.stringify({
        bearerToken: credentials.token,
        tlsClientConfig: { caData: base64(credentials.caCertificate), insecure: false },
      });
    case "exec":
      return JSON.stringify({
        execProviderConfig: { apiVersion: "client.authentication.k8s.io/v1beta1", ...credentials.command },
        tlsClientConfig: { caData: base64(credentials.caCertificate), insecure: false },
      });
    case "eks":
      return JSON.stringify({
        awsAuthConfig: { clusterName: credentials.clusterName, roleARN: credentials.roleArn },
        tlsClientConfig: { caData: base64(credentials.caCertificate), insecure: false },
      });
  }
}
