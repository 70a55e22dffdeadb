import { binding, role } from "./objects";
import { add, all, set, unset, type Change, type RuleCases } from "./rule-cases";

const reader = { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] };
const person = { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "developers" };
const unlimited = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };

function grants(resources: string[], verbs: string[], apiGroups: string[] = [""]) {
  return set("0.rules[0]", { apiGroups, resources, verbs });
}

/** The binding and the role of the first rule, both in one namespace. */
const inNamespace: Change = (objects) => {
  set("0.kind", "RoleBinding")(objects);
  set("0.metadata.namespace", "platform-production")(objects);
  set("0.roleRef", { kind: "Role", name: "reader" })(objects);
  set("1", role("Role", reader))(objects);
};

export const roleCases: readonly RuleCases[] = [
  {
    rule: "R1",
    compliant: () => [binding("view", person), role("ClusterRole", reader)],
    fails: [
      ["", "binds cluster-admin", set("0.roleRef.name", "cluster-admin")],
      [
        "",
        "binds it in one namespace",
        all(set("0.kind", "RoleBinding"), set("0.roleRef.name", "cluster-admin")),
      ],
      ["", "binds its equal", all(set("0.roleRef.name", "reader"), set("1.rules", [unlimited]))],
      [
        "",
        "binds its equal that lists the verbs",
        all(
          set("0.roleRef.name", "reader"),
          set("1.rules", [
            { ...unlimited, verbs: ["create", "delete", "get", "list", "patch", "update", "watch"] },
          ]),
        ),
      ],
      [
        "",
        "binds its equal of the cluster in one namespace",
        all(
          set("0.kind", "RoleBinding"),
          set("0.metadata.namespace", "platform-production"),
          set("0.roleRef.name", "reader"),
          set("1.rules", [unlimited]),
        ),
      ],
      ["", "binds its equal in one namespace", all(inNamespace, set("1.rules", [unlimited]))],
      [
        "",
        "hides behind a wrong apiVersion",
        all(set("0.apiVersion", "v1"), set("0.roleRef.name", "cluster-admin")),
      ],
    ],
    absent: [[undefined, "the role", unset("0.roleRef.name")]],
    passes: [
      ["an unlimited role that nobody has", set("1.rules", [unlimited])],
      ["a role that names what it allows", set("0.roleRef.name", "reader")],
      ...(["apiGroups", "resources", "verbs"] as const).map(
        (field) =>
          [
            `a role that allows everything but for its ${field}`,
            all(set("0.roleRef.name", "reader"), set("1.rules", [{ ...unlimited, [field]: ["apps"] }])),
          ] as const,
      ),
      [
        "a role of a namespace that has none",
        all(inNamespace, set("1.metadata.namespace", "elsewhere"), set("1.rules", [unlimited])),
      ],
    ],
  },
  {
    rule: "R2",
    compliant: () => [role("Role", reader)],
    fails: [
      ["verbs", "any verb", set("0.rules[0].verbs", ["*"])],
      ["resources", "any resource", set("0.rules[0].resources", ["*"])],
      ["resources", "any subresource", set("0.rules[0].resources", ["pods/*"])],
      ["api-groups", "any group", set("0.rules[0].apiGroups", ["*"])],
    ],
    absent: [[undefined, "rules", unset("0.rules")]],
    passes: [["another kind with rules", set("0", { kind: "Ingress", rules: [{ verbs: ["*"] }] })]],
  },
  {
    rule: "R3",
    compliant: () => [role("ClusterRole", reader)],
    fails: [
      ["escalate", "escalates", grants(["roles"], ["escalate"], ["rbac.authorization.k8s.io"])],
      ["bind", "binds", grants(["clusterroles"], ["bind"], ["rbac.authorization.k8s.io"])],
      ["impersonate", "impersonates", grants(["users"], ["impersonate"])],
      ["impersonate", "may do everything with users", grants(["users"], ["*"])],
      ["roles", "may do everything with roles", grants(["roles"], ["*"], ["rbac.authorization.k8s.io"])],
      ["exec", "opens shells", grants(["pods/exec"], ["create"])],
      ["nodes-proxy", "uses kubelets", grants(["nodes/proxy"], ["get"])],
      [
        "webhooks",
        "writes webhooks",
        grants(["validatingwebhookconfigurations"], ["update"], ["admissionregistration.k8s.io"]),
      ],
      [
        "certificates",
        "approves certificates",
        grants(["certificatesigningrequests/approval"], ["update"], ["certificates.k8s.io"]),
      ],
      ["certificates", "signs certificates", grants(["signers"], ["approve"], ["certificates.k8s.io"])],
      ["exec", "opens shells among subresources", grants(["*/exec"], ["create"])],
      [
        "exec",
        "opens shells in a pod by name",
        all(grants(["pods/exec"], ["create"]), set("0.rules[0].resourceNames", ["bff-0"])),
      ],
      ["exec", "opens shells under a wrong group", grants(["pods/exec"], ["get"], ["apps"])],
      ["roles", "may do everything with its kinds", grants(["*"], ["*"], ["rbac.authorization.k8s.io"])],
    ],
    absent: [[undefined, "rules", unset("0.rules")]],
    passes: [
      [
        "reading webhooks",
        grants(["validatingwebhookconfigurations"], ["get"], ["admissionregistration.k8s.io"]),
      ],
      [
        "webhooks by name",
        set("0.rules[0]", {
          apiGroups: ["admissionregistration.k8s.io"],
          resources: ["validatingwebhookconfigurations"],
          resourceNames: ["own"],
          verbs: ["update"],
        }),
      ],
      ["everything of a group without such rights", grants(["*"], ["*"], ["apps"])],
      ["pods, but not what is below them", grants(["pods"], ["create"])],
    ],
  },
  {
    rule: "R4",
    compliant: () => [role("ClusterRole", reader)],
    fails: [
      ["", "reads Secrets", grants(["secrets"], ["get"])],
      ["", "reads everything of the core", grants(["*"], ["watch"])],
      ["", "reads Secrets of any group", grants(["secrets"], ["list"], ["*"])],
      ["", "may do everything with Secrets", grants(["secrets"], ["*"])],
    ],
    absent: [[undefined, "rules", unset("0.rules")]],
    passes: [
      ["Secrets by name", all(grants(["secrets"], ["get"]), set("0.rules[0].resourceNames", ["own"]))],
      ["a Role", all(grants(["secrets"], ["get"]), set("0.kind", "Role"))],
      ["writing Secrets", grants(["secrets"], ["create"])],
    ],
  },
  {
    rule: "R5",
    compliant: () => [binding("view", person)],
    fails: ["system:anonymous", "system:unauthenticated", "system:authenticated", "system:masters"].map(
      (name) => ["", `is ${name}`, set("0.subjects[0].name", name)] as const,
    ),
    absent: [[undefined, "subjects", unset("0.subjects")]],
  },
  {
    rule: "R6",
    compliant: () => [
      binding("reader", { kind: "ServiceAccount", name: "argocd-manager", namespace: "argocd-manager" }),
      role("ClusterRole", reader),
    ],
    fails: [
      ["", "edits every namespace", set("0.roleRef.name", "edit")],
      ["", "does everything", set("1.rules", [unlimited])],
    ],
    absent: [[undefined, "the role", unset("1")]],
    passes: [
      ["a group of that name", all(set("0.roleRef.name", "edit"), set("0.subjects[0].kind", "Group"))],
      ["a namespace's role of the same name", add(role("Role", unlimited))],
      ["another account", all(set("0.roleRef.name", "edit"), set("0.subjects[0].name", "other"))],
      ["one namespace", all(set("0.roleRef.name", "edit"), set("0.kind", "RoleBinding"))],
      [
        "another role that does everything",
        add({ ...role("ClusterRole", unlimited), metadata: { name: "other" } }),
      ],
    ],
  },
];
