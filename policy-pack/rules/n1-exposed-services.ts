import { at, list, text } from "../fields";
import type { Rule } from "../rule";

export const exposedServices: Rule = {
  id: "N1",
  title: "Services are reached through the Ingress or Gateway",
  severity: "high",
  why: "A load balancer or node port opens the service to the network without TLS, login or log.",
  fix: "Set type: ClusterIP and route to it; what must be reached directly is exempted.",
  link: "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
  *check(object) {
    if (object.kind !== "Service") return;
    const type = text(at(object, "spec", "type"));
    if (type === "LoadBalancer" || type === "NodePort")
      yield { control: "type", path: "spec.type", problem: `is ${type}` };
    if (list(at(object, "spec", "externalIPs")).length > 0) {
      yield {
        control: "external-ips",
        path: "spec.externalIPs",
        problem: "takes over addresses of others (CVE-2020-8554)",
      };
    }
  },
};
