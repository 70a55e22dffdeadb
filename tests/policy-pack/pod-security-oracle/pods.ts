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
const seLinux = fc.oneof(
  fc.constantFrom({}, { user: "a" }, { role: "b" }, { level: "s0" }),
  fc
    .constantFrom(
      "",
      "container_t",
      "container_init_t",
      "container_kvm_t",
      "container_engine_t",
      "spc_t",
      "container_logreader_t",
    )
    .map((type) => ({ type })),
);
const windowsOptions = fc.constantFrom({}, { hostProcess: true }, { hostProcess: false });

const capabilityNames = [
  ..."AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID".split(
    " ",
  ),
  ..."SYS_CHROOT NET_RAW NET_ADMIN SYS_ADMIN SYS_PTRACE BPF ALL CAP_CHOWN chown".split(" "),
];

const sysctlNames = [
  ..."ip_local_port_range ip_local_reserved_ports ip_unprivileged_port_start ping_group_range".split(" "),
  ..."tcp_fin_timeout tcp_keepalive_intvl tcp_keepalive_probes tcp_keepalive_time tcp_notsent_lowat tcp_rmem".split(
    " ",
  ),
  ..."tcp_slow_start_after_idle tcp_syncookies tcp_wmem tcp_mem ip_forward".split(" "),
].map((name) => `net.ipv4.${name}`);

const capabilities = fc.record(
  {
    add: fc.oneof(
      fc.subarray(["NET_BIND_SERVICE", "CHOWN"]),
      fc.constantFrom(...capabilityNames).map((name) => [name]),
    ),
    drop: fc.constantFrom(["ALL"], ["ALL"], ["ALL", "NET_RAW"], ["NET_RAW"], [], ["all"]),
  },
  { requiredKeys: [] },
);

const sharedContext = {
  runAsUser: rarely(fc.constantFrom(0, 1000, null)),
  appArmorProfile: rarely(appArmor),
  seLinuxOptions: rarely(seLinux),
  windowsOptions: rarely(windowsOptions),
};

const containerContext = fc.record(
  {
    ...sharedContext,
    privileged: rarely(fc.constantFrom(true, false, null)),
    runAsNonRoot: rarely(fc.boolean()),
    seccompProfile: rarely(seccomp),
    allowPrivilegeEscalation: mostly<boolean | null>(false, fc.constantFrom(true, null)),
    capabilities: mostly<object>({ drop: ["ALL"] }, capabilities),
    procMount: rarely(fc.constantFrom("Default", "Unmasked", null)),
  },
  { requiredKeys: [] },
);

const podContext = fc.record(
  {
    ...sharedContext,
    runAsNonRoot: mostly<boolean | null>(true, fc.constantFrom(false, null)),
    seccompProfile: mostly<object | null>({ type: "RuntimeDefault" }, fc.option(seccomp)),
    sysctls: rarely(
      fc.array(
        fc.record({
          name: fc.constantFrom(
            ...sysctlNames,
            "kernel.shm_rmid_forced",
            "kernel.msgmax",
            "net.core.somaxconn",
          ),
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

/** Every kind of volume that the API knows, none, and one that is null. */
const volume = fc.constantFrom<object>(
  {},
  { nfs: null },
  { awsElasticBlockStore: { volumeID: "a" } },
  { azureDisk: { diskName: "a", diskURI: "a" } },
  { azureFile: { secretName: "a", shareName: "a" } },
  { cephfs: { monitors: ["a"] } },
  { cinder: { volumeID: "a" } },
  { configMap: { name: "a" } },
  { csi: { driver: "a" } },
  { downwardAPI: {} },
  { emptyDir: {} },
  { ephemeral: {} },
  { fc: {} },
  { flexVolume: { driver: "a" } },
  { flocker: {} },
  { gcePersistentDisk: { pdName: "a" } },
  { gitRepo: { repository: "a" } },
  { glusterfs: { endpoints: "a", path: "a" } },
  { hostPath: { path: "/" } },
  { image: { reference: "a" } },
  { iscsi: { targetPortal: "a", iqn: "a", lun: 0 } },
  { nfs: { server: "a", path: "/" } },
  { persistentVolumeClaim: { claimName: "a" } },
  { photonPersistentDisk: { pdID: "a" } },
  { portworxVolume: { volumeID: "a" } },
  { projected: { sources: [] } },
  { quobyte: { registry: "a", volume: "a" } },
  { rbd: { monitors: ["a"], image: "a" } },
  { scaleIO: { gateway: "a", system: "a", secretRef: { name: "a" } } },
  { secret: { secretName: "a" } },
  { storageos: {} },
  { vsphereVolume: { volumePath: "a" } },
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
      volumes: fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        {
          weight: 1,
          arbitrary: fc.array(
            volume.map((source) => ({ name: "a", ...source })),
            { maxLength: 3 },
          ),
        },
      ),
      hostNetwork: rarely(fc.boolean()),
      hostPID: rarely(fc.boolean()),
      hostIPC: rarely(fc.boolean()),
      hostUsers: rarely(fc.constantFrom(true, false, null)),
      os: rarely(fc.constantFrom({ name: "windows" }, { name: "linux" })),
    },
    { requiredKeys: ["containers"] },
  ),
});
