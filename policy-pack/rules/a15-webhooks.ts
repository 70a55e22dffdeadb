import { at, text } from "../fields";
import { secretKeys } from "../redact";
import type { KubernetesObject, Rule } from "../rule";

const serverName = /(^|-)argo-?cd-server$|^argocd-server$/;

/** Whether an object lets people outside the cluster reach Argo CD's server. */
function exposes(object: KubernetesObject): boolean {
  if (object.kind === "Ingress" || object.kind === "HTTPRoute" || object.kind === "GRPCRoute") {
    return [...JSON.stringify(object.spec ?? null).matchAll(/"(?:name|serviceName)":"([^"]+)"/g)].some(
      ([, name]) => serverName.test(name!),
    );
  }
  return isPublicServer(object);
}

function isPublicServer(object: KubernetesObject): boolean {
  const type = text(at(object, "spec", "type"));
  return (
    object.kind === "Service" &&
    serverName.test(text(object.metadata?.name)) &&
    (type === "LoadBalancer" || type === "NodePort")
  );
}

function holdsWebhookSecret(object: KubernetesObject): boolean {
  return (
    object.kind === "Secret" &&
    /(^|-)argocd-secret$/.test(text(object.metadata?.name)) &&
    secretKeys(object).some((key) => key.startsWith("webhook."))
  );
}

export const webhooks: Rule = {
  id: "A15",
  title: "Whoever calls Argo CD's webhook proves who they are",
  severity: "high",
  why: "Anybody who reaches /api/webhook could stop the API server (CVE-2024-40634, CVE-2025-59531, CVE-2025-59537, CVE-2025-59538).",
  fix: "Set a webhook secret (secrets.argocd.webhookSecret), and expose the server through an Ingress or Gateway only.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/webhook/#2-configure-argo-cd-with-the-webhook-secret-optional",
  *check(object) {
    if (isPublicServer(object))
      yield { control: "load-balancer", path: "spec.type", problem: "opens the server to the network" };
  },
  *checkAll(objects) {
    if (objects.some(holdsWebhookSecret)) return;
    for (const object of objects.filter(exposes)) {
      yield {
        object,
        control: "secret",
        path: "spec",
        problem: "opens /api/webhook, and argocd-secret holds no webhook secret",
      };
    }
  },
};
