import { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import { serviceNamespace } from "../../../config/derive";
import { ClusterApi, type Tree } from "../cluster-api";
import type { Check, DoctorContext } from "../context";
import { failed, type Finding, invalid, ok, reasonOf, unreadableHub } from "../finding";

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters */
const credentialsSchema = z.object({
  bearerToken: z.string().optional(),
  tlsClientConfig: z.object({ caData: z.string().optional() }).optional(),
});

/** A cluster as Argo CD knows it. */
export interface Registration {
  readonly name: string;
  readonly server: string;
  readonly environment: string;
  readonly token?: string | undefined;
  readonly caData?: string | undefined;
}

/** @throws Error without a word of the Secret's content where it cannot be read. */
export function readRegistration(secret: Tree): Registration {
  const { metadata, data } = secret as {
    metadata?: { name?: string; labels?: Record<string, string> };
    data?: Record<string, string>;
  };
  const decode = (key: string) => Buffer.from(data?.[key] ?? "", "base64").toString("utf8");
  let config: z.output<typeof credentialsSchema>;
  try {
    config = credentialsSchema.parse(JSON.parse(decode("config")));
  } catch {
    throw new Error(`the Secret argocd/${metadata?.name} holds no readable \`config\``);
  }
  return {
    name: decode("name"),
    server: decode("server"),
    environment: metadata?.labels?.["environment"] ?? "",
    token: config.bearerToken,
    caData: config.tlsClientConfig?.caData,
  };
}

/** Asks a spoke as Argo CD does, with the token and the authority that its Secret holds. */
async function mayDeploy({ server, token, caData }: Registration, namespace: string): Promise<boolean> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: "registered", server, skipTLSVerify: false, ...(caData && { caData }) },
    { name: "registered", ...(token !== undefined && { token }) },
  );
  const api = new ClusterApi(kubeConfig);
  return api.isAllowed({ group: "apps", resource: "deployments", verb: "create", namespace });
}

async function judge(
  cluster: string,
  role: string,
  found: Registration | undefined,
  context: DoctorContext,
): Promise<Finding> {
  const { environment } = context;
  if (!found) return failed(cluster, "is not registered in Argo CD", "run pulumi up again");
  if (found.environment !== environment) {
    return failed(
      cluster,
      `is registered for ${found.environment || "no environment"}`,
      "run pulumi up again",
    );
  }
  if (role === "hub") return ok(cluster, "is registered as the cluster Argo CD runs in");
  if (found.token === undefined) {
    return ok(cluster, "is registered with cloud credentials, which only Argo CD's own identity can try");
  }
  try {
    return (await mayDeploy(found, serviceNamespace(environment)))
      ? ok(cluster, "accepts the token that Argo CD holds")
      : failed(cluster, "does not let Argo CD's account deploy", "run pulumi up again");
  } catch (error) {
    return invalid(
      cluster,
      `does not accept what Argo CD holds: ${reasonOf(error)}`,
      "rotate its token (docs/runbooks/rotate-a-cluster.md), or see docs/runbooks/dead-spoke.md",
    );
  }
}

/** Whether Argo CD can reach every cluster of the stack with the credentials it has been given. */
export const registrationsCheck: Check = {
  name: "registrations",
  run: async (context) => {
    const hub = context.clusters[0]!;
    const selector = encodeURIComponent("argocd.argoproj.io/secret-type=cluster");
    try {
      const secrets = await hub.api.list(`/api/v1/namespaces/argocd/secrets?labelSelector=${selector}`);
      const found = secrets.map(readRegistration);
      return Promise.all(
        context.clusters.map(({ name, role }) =>
          judge(
            name,
            role,
            found.find((entry) => entry.name === name),
            context,
          ),
        ),
      );
    } catch (error) {
      return [unreadableHub(hub.name, "cluster Secrets", error)];
    }
  },
};
