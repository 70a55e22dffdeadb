import * as fc from "fast-check";

/** The right value mostly, so that whole pods are right often enough; otherwise omitted or another one. */
function mostly<T>(right: T, other: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(right) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: other },
  );
}

/** Omitted, or one of these values. */
function maybe<T>(...values: readonly T[]): fc.Arbitrary<T | undefined> {
  return fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });
}

function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const seccomp = fc.constantFrom<object>(
  { type: "RuntimeDefault" },
  { type: "Localhost", localhostProfile: "a" },
  { type: "Unconfined" },
  {},
);
const appArmor = fc.constantFrom(
  { type: "RuntimeDefault" },
  { type: "Localhost", localhostProfile: "a" },
  { type: "Unconfined" },
);
const seLinux = fc.constantFrom(
  {},
  { type: "container_t" },
  { type: "container_engine_t" },
  { type: "spc_t" },
  { user: "a" },
  { role: "b" },
  { level: "s0" },
);
const windowsOptions = fc.constantFrom({}, { hostProcess: true }, { hostProcess: false });

const capabilities = fc.record(
  {
    add: fc.subarray(["NET_BIND_SERVICE", "CHOWN", "NET_ADMIN", "ALL"]),
    drop: fc.constantFrom(["ALL"], ["ALL"], ["ALL", "NET_RAW"], ["NET_RAW"], [], ["all"]),
  },
  { requiredKeys: [] },
);

const sharedContext = {
  runAsUser: rarely(fc.constantFrom(0, 1000)),
  appArmorProfile: rarely(appArmor),
  seLinuxOptions: rarely(seLinux),
  windowsOptions: rarely(windowsOptions),
};

const containerContext = fc.record(
  {
    ...sharedContext,
    privileged: rarely(fc.boolean()),
    runAsNonRoot: rarely(fc.boolean()),
    seccompProfile: rarely(seccomp),
    allowPrivilegeEscalation: mostly(false, fc.constant(true)),
    capabilities: mostly<object>({ drop: ["ALL"] }, capabilities),
    procMount: rarely(fc.constantFrom("Default", "Unmasked")),
  },
  { requiredKeys: [] },
);

const podContext = fc.record(
  {
    ...sharedContext,
    runAsNonRoot: mostly(true, fc.constant(false)),
    seccompProfile: mostly<object>({ type: "RuntimeDefault" }, seccomp),
    sysctls: rarely(
      fc.array(
        fc.record({
          name: fc.constantFrom("net.ipv4.tcp_rmem", "net.ipv4.tcp_notsent_lowat", "kernel.msgmax"),
          value: fc.constant("1"),
        }),
        { maxLength: 2 },
      ),
    ),
  },
  { requiredKeys: [] },
);

const action = fc.constantFrom(
  { httpGet: { port: 80 } },
  { httpGet: { port: 80, host: "" } },
  { httpGet: { port: 80, host: "10.0.0.1" } },
  { tcpSocket: { port: 80, host: "a" } },
  { exec: { command: ["true"] } },
);

function container(prefix: string) {
  return fc.record(
    {
      name: fc.nat({ max: 9 }).map((number) => `${prefix}${number}`),
      image: fc.constant("registry.k8s.io/pause"),
      securityContext: fc.option(containerContext, { nil: undefined, freq: 20 }),
      ports: rarely(
        fc.array(
          fc.record(
            { containerPort: fc.constant(80), hostPort: maybe(0, 8080) },
            { requiredKeys: ["containerPort"] },
          ),
          { maxLength: 2 },
        ),
      ),
      livenessProbe: rarely(action),
      readinessProbe: rarely(action),
      startupProbe: rarely(action),
      lifecycle: rarely(
        fc.record(
          {
            postStart: maybe({ httpGet: { port: 80, host: "a" } }),
            preStop: maybe({ tcpSocket: { port: 80 } }),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: ["name", "image"] },
  );
}

const volume = fc.constantFrom<object>(
  {},
  { emptyDir: {} },
  { configMap: { name: "a" } },
  { secret: { secretName: "a" } },
  { projected: { sources: [] } },
  { image: { reference: "a" } },
  { csi: { driver: "a" } },
  { ephemeral: {} },
  { persistentVolumeClaim: { claimName: "a" } },
  { downwardAPI: {} },
  { hostPath: { path: "/" } },
  { nfs: { server: "a", path: "/" } },
  { gitRepo: { repository: "a" } },
);

const annotation = "container.apparmor.security.beta.kubernetes.io/a";

/** Pods of which a fair share keeps to each profile, with every field that the profiles speak of. */
export const pods = fc.record({
  apiVersion: fc.constant("v1"),
  kind: fc.constant("Pod"),
  metadata: fc.record({
    name: fc.constant("a"),
    annotations: rarely(
      fc
        .constantFrom("runtime/default", "localhost/a", "unconfined", "")
        .map((value) => ({ [annotation]: value })),
    ).map((value) => value ?? {}),
  }),
  spec: fc.record(
    {
      containers: fc.array(container("main"), { minLength: 1, maxLength: 2 }),
      initContainers: rarely(fc.array(container("init"), { maxLength: 2 })),
      ephemeralContainers: rarely(fc.array(container("debug"), { maxLength: 1 })),
      securityContext: fc.option(podContext, { nil: undefined, freq: 20 }),
      volumes: rarely(
        fc.array(
          volume.map((source) => ({ name: "a", ...source })),
          { maxLength: 3 },
        ),
      ),
      hostNetwork: rarely(fc.boolean()),
      hostPID: rarely(fc.boolean()),
      hostIPC: rarely(fc.boolean()),
      hostUsers: rarely(fc.boolean()),
      os: rarely(fc.constantFrom({ name: "windows" }, { name: "linux" })),
    },
    { requiredKeys: ["containers"] },
  ),
});
