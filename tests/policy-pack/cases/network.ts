import { add, all, set, unset, type RuleCases } from "./rule-cases";

export const networkCases: readonly RuleCases[] = [
  {
    rule: "N1",
    compliant: () => [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "bff" },
        spec: { type: "ClusterIP", ports: [{ port: 80 }] },
      },
    ],
    fails: [
      ["type", "is a LoadBalancer", set("0.spec.type", "LoadBalancer")],
      ["type", "is a NodePort", set("0.spec.type", "NodePort")],
      ["external-ips", "takes an address", set("0.spec.externalIPs", ["203.0.113.1"])],
    ],
    absent: [[undefined, "the type", unset("0.spec.type")]],
    passes: [
      ["no addresses", set("0.spec.externalIPs", [])],
      ["another kind with a type", set("0", { kind: "Deployment", spec: { type: "NodePort" } })],
    ],
  },
  {
    rule: "N2",
    compliant: () => [
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: { name: "bff", annotations: { "example.com/a": "b" } },
        spec: {
          rules: [{ host: "bff.example.com" }],
          tls: [{ hosts: ["bff.example.com"], secretName: "bff" }],
        },
      },
    ],
    fails: [
      ["tls", "ends TLS for another host", set("0.spec.tls[0].hosts", ["other.example.com"])],
      [
        "tls",
        "keeps plain http open",
        set('0.metadata.annotations["nginx.ingress.kubernetes.io/ssl-redirect"]', "false"),
      ],
      ["host", "takes every host of a domain", set("0.spec.rules[0].host", "*.example.com")],
      [
        "host",
        "takes every host",
        all(unset("0.spec.rules"), set("0.spec.defaultBackend", { service: { name: "a" } })),
      ],
      [
        "snippet",
        "injects nginx",
        set('0.metadata.annotations["nginx.ingress.kubernetes.io/server-snippet"]', "a"),
      ],
      ["host", "takes what no rule names", set("0.spec.defaultBackend", { service: { name: "a" } })],
      [
        "snippet",
        "ends the directive that an annotation fills",
        set(
          '0.metadata.annotations["nginx.ingress.kubernetes.io/auth-url"]',
          "https://example.com/#;\ninjected",
        ),
      ],
      [
        "snippet",
        "runs a program in the controller",
        set('0.metadata.annotations["nginx.ingress.kubernetes.io/rewrite-target"]', "content_by_lua"),
      ],
      ["path", "serves the controller's files", set("0.spec.rules[0].http.paths", [{ path: "/etc/passwd" }])],
      [
        "snippet",
        "lets others inject",
        add({ apiVersion: "v1", kind: "ConfigMap", data: { "allow-snippet-annotations": "true" } }),
      ],
    ],
    absent: [
      ["tls", "tls", unset("0.spec.tls")],
      ["host", "the host", unset("0.spec.rules[0].host")],
      [undefined, "annotations", unset("0.metadata.annotations")],
    ],
    passes: [
      ["a certificate for the domain", set("0.spec.tls[0].hosts", ["*.example.com"])],
      ["a certificate that names no host", unset("0.spec.tls[0].hosts")],
      [
        "an address to log in at",
        set(
          '0.metadata.annotations["nginx.ingress.kubernetes.io/auth-url"]',
          "https://login.example.com/check?a=b#c",
        ),
      ],
      [
        "the same words for somebody else",
        set('0.metadata.annotations["example.com/note"]', "content_by_lua"),
      ],
      [
        "a switch that is off",
        add({ apiVersion: "v1", kind: "ConfigMap", data: { "allow-snippet-annotations": "false" } }),
      ],
      [
        "another kind with that switch",
        add({ kind: "Other", data: { "allow-snippet-annotations": "true" } }),
      ],
      ["a path", set("0.spec.rules[0].http.paths", [{ path: "/roots/etc(/|$)(.*)" }])],
    ],
  },
];
