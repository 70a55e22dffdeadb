import { container, deployment, disruptionBudget, networkPolicy, podSpec } from "./objects";
import { add, all, set, unset, type RuleCases } from "./rule-cases";

const pod = "0.spec.template.spec";
const first = `${pod}.containers[0]`;
const security = `${first}.securityContext`;

const autoscaler = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "bff", namespace: "platform-production" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "bff" },
    minReplicas: 2,
    maxReplicas: 4,
  },
};

const account = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "bff", namespace: "platform-production" },
  automountServiceAccountToken: false,
};

export const workloadCases: readonly RuleCases[] = [
  {
    rule: "W1",
    compliant: () => [deployment()],
    fails: [
      ["host-namespaces", "shares the network of the node", set(`${pod}.hostNetwork`, true)],
      ["host-namespaces", "shares the processes of the node", set(`${pod}.hostPID`, true)],
      ["host-namespaces", "shares the memory of the node", set(`${pod}.hostIPC`, true)],
      ["privileged", "is privileged", set(`${security}.privileged`, true)],
      ["capabilities", "adds a capability", set(`${security}.capabilities.add`, ["NET_ADMIN"])],
      [
        "host-path-volumes",
        "mounts the node",
        set(`${pod}.volumes`, [{ name: "a", hostPath: { path: "/" } }]),
      ],
      ["host-ports", "takes a port of the node", set(`${first}.ports[0].hostPort`, 80)],
      ["host-probes", "probes another host", set(`${first}.livenessProbe.httpGet.host`, "10.0.0.1")],
      [
        "host-probes",
        "greets another host",
        set(`${first}.lifecycle.preStop.tcpSocket`, { host: "a", port: 1 }),
      ],
      ["app-armor", "lifts AppArmor", set(`${security}.appArmorProfile`, { type: "Unconfined" })],
      [
        "app-armor",
        "lifts AppArmor by annotation",
        set(
          '0.spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/bff"]',
          "unconfined",
        ),
      ],
      ["se-linux", "chooses a type", set(`${security}.seLinuxOptions`, { type: "spc_t" })],
      ["se-linux", "chooses a role", set(`${security}.seLinuxOptions`, { role: "sysadm_r" })],
      ["proc-mount", "uncovers /proc", set(`${security}.procMount`, "Unmasked")],
      ["seccomp", "lifts seccomp", set(`${security}.seccompProfile`, { type: "Unconfined" })],
      [
        "sysctls",
        "tunes the node",
        set(`${pod}.securityContext.sysctls`, [{ name: "kernel.msgmax", value: "1" }]),
      ],
      ["windows-host-process", "is a host process", set(`${security}.windowsOptions`, { hostProcess: true })],
      [
        "privileged",
        "hides in an init container",
        set(`${pod}.initContainers`, [{ securityContext: { privileged: true } }]),
      ],
      [
        "privileged",
        "hides in an ephemeral container",
        set(`${pod}.ephemeralContainers`, [{ securityContext: { privileged: true } }]),
      ],
      ["privileged", "is a Rollout", all(set("0.kind", "Rollout"), set(`${security}.privileged`, true))],
      [
        "host-namespaces",
        "is a CronJob",
        set("0", {
          kind: "CronJob",
          spec: { jobTemplate: { spec: { template: { spec: { hostPID: true } } } } },
        }),
      ],
      ["host-namespaces", "is a bare Pod", set("0", { kind: "Pod", spec: { hostIPC: true } })],
      [
        "host-namespaces",
        "is a PodTemplate",
        set("0", { kind: "PodTemplate", template: { spec: { hostIPC: true } } }),
      ],
      [
        "host-namespaces",
        "is the job of an analysis",
        set("0", {
          kind: "AnalysisTemplate",
          spec: { metrics: [{ provider: { job: { spec: { template: { spec: { hostPID: true } } } } } }] },
        }),
      ],
      [
        "host-namespaces",
        "is part of an experiment",
        set("0", { kind: "Experiment", spec: { templates: [{ template: { spec: { hostPID: true } } }] } }),
      ],
      [
        "privileged",
        "is of a kind that nobody has heard of",
        all(set("0.kind", "CloneSet"), set(`${security}.privileged`, true)),
      ],
      ["privileged", "writes the switch as text", set(`${security}.privileged`, "true")],
      [
        "seccomp",
        "has no containers yet",
        set("0", {
          kind: "Widget",
          spec: { template: { spec: { securityContext: { seccompProfile: { type: "Unconfined" } } } } },
        }),
      ],
    ],
    absent: [[undefined, "security contexts", all(unset(security), unset(`${pod}.securityContext`))]],
    passes: [
      ["a volume of the pod itself", set(`${pod}.volumes`, [{ name: "a", emptyDir: {} }])],
      ["a masked /proc", set(`${security}.procMount`, "Default")],
      [
        "an unmasked /proc in a user namespace",
        all(set(`${security}.procMount`, "Unmasked"), set(`${pod}.hostUsers`, false)),
      ],
      ["a default capability", set(`${security}.capabilities.add`, ["CHOWN"])],
      ["a safe sysctl", set(`${pod}.securityContext.sysctls`, [{ name: "net.ipv4.tcp_rmem", value: "1" }])],
      ["switches that are off", all(set(`${pod}.hostNetwork`, false), set(`${security}.privileged`, false))],
      ["a probe of the pod itself", set(`${first}.livenessProbe.httpGet.host`, "")],
      ["no port of the node", set(`${first}.ports[0].hostPort`, 0)],
      ["a type for containers", set(`${security}.seLinuxOptions`, { type: "container_t" })],
      ["the AppArmor profile of the runtime", set(`${security}.appArmorProfile`, { type: "RuntimeDefault" })],
      ...["", "localhost/bff"].map(
        (profile) =>
          [
            `the AppArmor annotation "${profile}"`,
            set(
              '0.spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/bff"]',
              profile,
            ),
          ] as const,
      ),
      ["a local AppArmor profile", set(`${security}.appArmorProfile`, { type: "Localhost" })],
      [
        "an AppArmor annotation with a known profile",
        set(
          '0.spec.template.metadata.annotations["container.apparmor.security.beta.kubernetes.io/bff"]',
          "runtime/default",
        ),
      ],
      [
        "an annotation about something else",
        set('0.spec.template.metadata.annotations["example.com/a"]', "unconfined"),
      ],
    ],
  },
  {
    rule: "W2",
    compliant: () => [deployment()],
    fails: [
      [
        "run-as-non-root",
        "is root but for its containers",
        all(set(`${pod}.securityContext.runAsNonRoot`, false), set(`${security}.runAsNonRoot`, true)),
      ],
      [
        "volume-types",
        "mounts a network share",
        set(`${pod}.volumes`, [{ name: "a", nfs: { server: "a", path: "/" } }]),
      ],
      ["privilege-escalation", "allows escalation", set(`${security}.allowPrivilegeEscalation`, true)],
      ["run-as-non-root", "may be root", set(`${pod}.securityContext.runAsNonRoot`, false)],
      ["run-as-non-root", "lets one container be root", set(`${security}.runAsNonRoot`, false)],
      ["run-as-user", "is user 0", set(`${security}.runAsUser`, 0)],
      [
        "seccomp",
        "lifts seccomp for one container",
        set(`${security}.seccompProfile`, { type: "Unconfined" }),
      ],
      ["capabilities", "adds a default capability", set(`${security}.capabilities.add`, ["CHOWN"])],
      ["capabilities", "drops some", set(`${security}.capabilities.drop`, ["NET_RAW"])],
      [
        "proc-mount",
        "uncovers /proc in a user namespace",
        all(set(`${security}.procMount`, "Unmasked"), set(`${pod}.hostUsers`, false)),
      ],
    ],
    absent: [
      ["privilege-escalation", "allowPrivilegeEscalation", unset(`${security}.allowPrivilegeEscalation`)],
      ["run-as-non-root", "runAsNonRoot", unset(`${pod}.securityContext.runAsNonRoot`)],
      ["seccomp", "seccompProfile", unset(`${pod}.securityContext.seccompProfile`)],
      ["capabilities", "capabilities", unset(`${security}.capabilities`)],
    ],
    passes: [
      ["the one capability for low ports", set(`${security}.capabilities.add`, ["NET_BIND_SERVICE"])],
      [
        "a pod of Windows",
        all(
          set(`${pod}.os`, { name: "windows" }),
          unset(security),
          unset(`${pod}.securityContext.seccompProfile`),
        ),
      ],
      [
        "root inside a user namespace",
        all(
          set(`${pod}.hostUsers`, false),
          unset(`${pod}.securityContext.runAsNonRoot`),
          set(`${security}.runAsUser`, 0),
        ),
      ],
      [
        "settings of each container",
        all(
          unset(`${pod}.securityContext`),
          set(`${security}.runAsNonRoot`, true),
          set(`${security}.seccompProfile`, { type: "Localhost" }),
        ),
      ],
      ["a volume with a type that is null", set(`${pod}.volumes`, [{ name: "a", nfs: null }])],
      ["a volume that defaults to emptyDir", set(`${pod}.volumes`, [{ name: "a" }])],
      ["a configMap volume", set(`${pod}.volumes`, [{ name: "a", configMap: { name: "a" } }])],
    ],
  },
  {
    rule: "W3",
    compliant: () => [deployment()],
    fails: [
      ["", "says false", set(`${security}.readOnlyRootFilesystem`, false)],
      ["", "forgets an init container", set(`${pod}.initContainers`, [{ name: "a" }])],
    ],
    absent: [["", "readOnlyRootFilesystem", unset(`${security}.readOnlyRootFilesystem`)]],
    passes: [
      ["Windows, which has no such mode", all(set(`${pod}.os`, { name: "windows" }), unset(security))],
    ],
  },
  {
    rule: "W4",
    compliant: () => [deployment()],
    fails: [
      ["cpu-request", "requests no CPU", set(`${first}.resources.requests.cpu`, "0")],
      ["memory-request", "requests no memory", set(`${first}.resources.requests.memory`, 0)],
      [
        "memory-limit",
        "limits an init container not",
        set(`${pod}.initContainers`, [{ name: "a", resources: { requests: { cpu: 1, memory: "1Mi" } } }]),
      ],
    ],
    absent: [
      ["cpu-request", "the CPU request", unset(`${first}.resources.requests.cpu`)],
      ["memory-request", "the memory request", unset(`${first}.resources.requests.memory`)],
      ["memory-limit", "limits", unset(`${first}.resources.limits`)],
    ],
    passes: [
      [
        "resources of the whole pod",
        all(
          unset(`${first}.resources`),
          set(`${pod}.resources`, { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } }),
        ),
      ],
      ["an ephemeral container", set(`${pod}.ephemeralContainers`, [{ name: "debug" }])],
    ],
  },
  {
    rule: "W5",
    compliant: () => [deployment()],
    fails: [
      ["readiness", "has an empty readiness probe", set(`${first}.readinessProbe`, {})],
      [
        "identical",
        "asks twice the same",
        set(`${first}.livenessProbe`, { periodSeconds: 60, httpGet: { path: "/ready", port: "http" } }),
      ],
    ],
    absent: [
      ["readiness", "readinessProbe", unset(`${first}.readinessProbe`)],
      [
        "readiness liveness",
        "both probes",
        all(unset(`${first}.readinessProbe`), unset(`${first}.livenessProbe`)),
      ],
      ["liveness", "livenessProbe", unset(`${first}.livenessProbe`)],
    ],
    passes: [
      ["a Job", all(set("0.kind", "Job"), unset(`${first}.livenessProbe`))],
      ["a pod that ends", all(set(`${pod}.restartPolicy`, "Never"), unset(`${first}.livenessProbe`))],
      ["an init container without probes", set(`${pod}.initContainers`, [{ name: "a" }])],
    ],
  },
  {
    rule: "W6",
    compliant: () => [deployment()],
    fails: [
      ["token", "mounts the token", set(`${pod}.automountServiceAccountToken`, true)],
      [
        "default-account",
        "mounts the token of default",
        all(unset(`${pod}.automountServiceAccountToken`), unset(`${pod}.serviceAccountName`)),
      ],
      [
        "default-account",
        "has a default account with a token",
        add({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } }),
      ],
      [
        "default-account",
        "gives rights to default",
        add({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          subjects: [{ kind: "ServiceAccount", name: "default" }],
        }),
      ],
    ],
    absent: [
      ["token", "automountServiceAccountToken", unset(`${pod}.automountServiceAccountToken`)],
      [
        "account",
        "automountServiceAccountToken of an account for others' pods",
        add({ ...account, metadata: { name: "other" }, automountServiceAccountToken: undefined }),
      ],
      [
        "token",
        "automountServiceAccountToken beside the old name of the field",
        all(
          unset(`${pod}.automountServiceAccountToken`),
          unset(`${pod}.serviceAccountName`),
          set(`${pod}.serviceAccount`, "bff"),
        ),
      ],
      [
        "default-account",
        "everything but the account's name",
        set("0", { kind: "Deployment", spec: { template: { spec: { serviceAccountName: "default" } } } }),
      ],
    ],
    passes: [
      [
        "rights of another account",
        add({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          subjects: [{ kind: "ServiceAccount", name: "bff" }],
        }),
      ],
      ["an account that mounts none", all(unset(`${pod}.automountServiceAccountToken`), add(account))],
      [
        "another kind with the name of the default account",
        add({ kind: "Other", metadata: { name: "default" } }),
      ],
      ["an account for others' pods that mounts none", add({ ...account, metadata: { name: "other" } })],
      [
        "rights of a person who is called default",
        add({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          subjects: [{ kind: "User", name: "default" }],
        }),
      ],
      ["a default account without a token", add({ ...account, metadata: { name: "default" } })],
      [
        "an account whose pods refuse the token",
        add({ ...account, automountServiceAccountToken: undefined }),
      ],
    ],
  },
  {
    rule: "W7",
    compliant: () => [
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "a", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      },
    ],
    fails: [
      [
        "",
        "enforces privileged",
        set('0.metadata.labels["pod-security.kubernetes.io/enforce"]', "privileged"),
      ],
      [
        "",
        "names no version",
        set('0.metadata.labels["pod-security.kubernetes.io/enforce-version"]', "1.34"),
      ],
    ],
    absent: [["", "labels", unset("0.metadata.labels")]],
    passes: [
      ["baseline", set('0.metadata.labels["pod-security.kubernetes.io/enforce"]', "baseline")],
      ["a version", set('0.metadata.labels["pod-security.kubernetes.io/enforce-version"]', "v1.34")],
      ["another kind", set("0", { kind: "ServiceAccount", metadata: { name: "a" } })],
    ],
  },
  {
    rule: "W8",
    compliant: () => [deployment(), disruptionBudget()],
    fails: [
      ["replicas", "runs once", set("0.spec.replicas", 1)],
      ["budget", "selects other pods", set("1.spec.selector.matchLabels", { app: "other" })],
      ["budget", "stands in another namespace", set("1.metadata.namespace", "other")],
      ["autoscaler", "is scaled by two", add(autoscaler)],
      [
        "minimum",
        "is scaled down to one",
        all(unset("0.spec.replicas"), add({ ...autoscaler, spec: { ...autoscaler.spec, minReplicas: 1 } })),
      ],
      ["eviction", "lets no pod go", set("1.spec.maxUnavailable", 0)],
      ["eviction", "needs all pods", all(unset("1.spec.maxUnavailable"), set("1.spec.minAvailable", "100%"))],
      [
        "eviction",
        "needs all pods of what others deliver",
        all(unset("1.spec.maxUnavailable"), set("1.spec.minAvailable", "100%"), unset("0")),
      ],
      [
        "eviction",
        "needs as many as there are",
        all(unset("1.spec.maxUnavailable"), set("1.spec.minAvailable", 2)),
      ],
      [
        "eviction",
        "needs a share that is all of two",
        all(unset("1.spec.maxUnavailable"), set("1.spec.minAvailable", "60%")),
      ],
      [
        "minimum",
        "scales down to one what others deliver",
        set("0", { ...autoscaler, spec: { ...autoscaler.spec, minReplicas: 1 } }),
      ],
    ],
    absent: [
      ["replicas", "replicas", unset("0.spec.replicas")],
      ["budget", "the budget", unset("1")],
    ],
    passes: [
      ...(["namespace", "kind", "name"] as const).map(
        (difference) =>
          [
            `an autoscaler of something else, by its ${difference}`,
            add({
              ...autoscaler,
              metadata: {
                name: "other",
                namespace: difference === "namespace" ? "other" : "platform-production",
              },
              spec: {
                ...autoscaler.spec,
                scaleTargetRef: {
                  kind: difference === "kind" ? "StatefulSet" : "Deployment",
                  name: difference === "name" ? "other" : "bff",
                },
              },
            }),
          ] as const,
      ),
      [
        "a budget that lets one go of what is scaled",
        all(
          unset("0.spec.replicas"),
          add(autoscaler),
          unset("1.spec.maxUnavailable"),
          set("1.spec.minAvailable", 1),
        ),
      ],
      ["another kind with such a field", add({ kind: "Other", spec: { maxUnavailable: 0 } })],
      ["a budget that lets one go", all(unset("1.spec.maxUnavailable"), set("1.spec.minAvailable", 1))],
      ["a budget for a share", all(unset("1.spec.maxUnavailable"), set("1.spec.minAvailable", "50%"))],
      ["a count that the autoscaler owns", all(unset("0.spec.replicas"), add(autoscaler))],
      ["a workload that is switched off", all(set("0.spec.replicas", 0), unset("1"))],
      ["a DaemonSet", all(set("0.kind", "DaemonSet"), unset("0.spec.replicas"), unset("1"))],
    ],
  },
];

export const networkPolicyCases: readonly RuleCases[] = [
  {
    rule: "N3",
    compliant: () => [
      deployment(),
      networkPolicy(),
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "redis", namespace: "platform-production" },
        spec: {
          template: {
            metadata: { labels: { "app.kubernetes.io/name": "argocd-redis" } },
            spec: { ...podSpec(), containers: [container()] },
          },
        },
      },
      {
        ...networkPolicy(),
        metadata: { name: "redis", namespace: "platform-production" },
        spec: {
          podSelector: { matchLabels: { "app.kubernetes.io/name": "argocd-redis" } },
          policyTypes: ["Ingress"],
          ingress: [{ from: [{ podSelector: { matchLabels: { "app.kubernetes.io/part-of": "argocd" } } }] }],
        },
      },
    ],
    fails: [
      ["isolation", "limits only what goes out", set("1.spec.policyTypes", ["Egress"])],
      ["isolation", "is isolated by something else", set("1.kind", "Other")],
      ["isolation", "is isolated by another API", set("1.apiVersion", "example.com/v1")],
      ["isolation", "isolates another namespace", set("1.metadata.namespace", "other")],
      ["isolation", "selects other pods", set("1.spec.podSelector", { matchLabels: { app: "other" } })],
      [
        "isolation",
        "lets everybody into everything",
        set("1.spec", { podSelector: { matchLabels: { a: "b" } }, ingress: [{}] }),
      ],
      [
        "isolation",
        "lets every address into everything",
        set("1.spec", {
          podSelector: { matchLabels: { "app.kubernetes.io/name": "bff" } },
          ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }],
        }),
      ],
      [
        "allow-all",
        "takes the isolation back",
        all(
          unset("3"),
          unset("2"),
          add({ ...networkPolicy(), spec: { podSelector: {}, ingress: [{}], policyTypes: ["Ingress"] } }),
        ),
      ],
      ["redis", "lets everybody into Redis", set("3.spec.ingress", [{}])],
      [
        "redis",
        "lets every address into a port of Redis",
        set("3.spec.ingress", [{ from: [{ ipBlock: { cidr: "::/0" } }], ports: [{ port: 6379 }] }]),
      ],
      [
        "redis",
        "lets every namespace into Redis",
        set("3.spec.ingress[0].from", [{ namespaceSelector: {} }]),
      ],
    ],
    absent: [["isolation", "the policy", unset("1")]],
    passes: [
      ["a policy that selects without saying whom", unset("1.spec.podSelector")],
      ["another kind that looks like an open policy", add({ kind: "Other", spec: { ingress: [{}] } })],
      [
        "pods of one name in every namespace",
        set("3.spec.ingress[0].from", [
          { podSelector: { matchLabels: { app: "a" } }, namespaceSelector: {} },
        ]),
      ],
      [
        "one namespace",
        set("3.spec.ingress[0].from", [{ namespaceSelector: { matchLabels: { name: "monitoring" } } }]),
      ],
      [
        "a port of every pod that is open to anybody",
        all(
          unset("3"),
          unset("2"),
          add({ ...networkPolicy(), spec: { podSelector: {}, ingress: [{ ports: [{ port: "metrics" }] }] } }),
        ),
      ],
      [
        "everybody who may go out",
        add({ ...networkPolicy(), spec: { podSelector: {}, ingress: [{}], policyTypes: ["Egress"] } }),
      ],

      [
        "an open policy for what is not Redis",
        add({
          ...networkPolicy(),
          spec: { podSelector: { matchLabels: { "app.kubernetes.io/name": "bff" } }, ingress: [{}] },
        }),
      ],
      [
        "a policy of the pod's own",
        set("1.spec.podSelector", { matchLabels: { "app.kubernetes.io/name": "bff" } }),
      ],
      ["a policy without types", unset("1.spec.policyTypes")],
      [
        "an expression",
        set("1.spec.podSelector", {
          matchExpressions: [
            { key: "app.kubernetes.io/name", operator: "In", values: ["bff"] },
            { key: "tier", operator: "DoesNotExist" },
          ],
        }),
      ],
    ],
  },
];
