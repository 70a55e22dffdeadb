import { at, elements, fields, isOn, isSet, text } from "../fields";
import { containers, podPath } from "../workloads";
import { containerSecurityContext, hasUserNamespace, securityContexts, type Control } from "./control";

const capabilities = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

const seLinuxTypes = new Set([
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);

const sysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
  "net.ipv4.tcp_slow_start_after_idle",
  "net.ipv4.tcp_notsent_lowat",
]);

const handlers = [
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle.postStart",
  "lifecycle.preStop",
] as const;

const appArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

export function isConfinedSeccomp(type: unknown): boolean {
  return type === "RuntimeDefault" || type === "Localhost";
}

const hostNamespaces: Control = {
  id: "host-namespaces",
  *check(pod) {
    for (const name of ["hostNetwork", "hostPID", "hostIPC"]) {
      if (isOn(pod.spec[name]))
        yield { path: podPath(pod, `spec.${name}`), problem: "shares a namespace of the node" };
    }
  },
};

const privileged: Control = {
  id: "privileged",
  *check(pod) {
    for (const context of containers(pod).map(containerSecurityContext)) {
      if (isOn(context.fields.privileged)) {
        yield { path: `${context.path}.privileged`, problem: "gives the container the whole node" };
      }
    }
  },
};

const addedCapabilities: Control = {
  id: "capabilities",
  *check(pod) {
    for (const context of containers(pod).map(containerSecurityContext)) {
      for (const [index, added] of listed(at(context.fields, "capabilities", "add"))) {
        if (!capabilities.has(added)) {
          yield {
            path: `${context.path}.capabilities.add[${index}]`,
            problem: `${added} is beyond the default set`,
          };
        }
      }
    }
  },
};

const hostPathVolumes: Control = {
  id: "host-path-volumes",
  *check(pod) {
    for (const volume of elements(pod.spec.volumes, podPath(pod, "spec.volumes"))) {
      if (isSet(volume.fields.hostPath)) {
        yield { path: `${volume.path}.hostPath`, problem: "mounts a directory of the node" };
      }
    }
  },
};

const hostPorts: Control = {
  id: "host-ports",
  *check(pod) {
    for (const container of containers(pod)) {
      for (const port of elements(container.fields.ports, `${container.path}.ports`)) {
        if (isSet(port.fields.hostPort) && port.fields.hostPort !== 0) {
          yield {
            path: `${port.path}.hostPort`,
            problem: `takes port ${text(port.fields.hostPort)} of the node`,
          };
        }
      }
    }
  },
};

const hostProbes: Control = {
  id: "host-probes",
  *check(pod) {
    for (const container of containers(pod)) {
      for (const handler of handlers) {
        for (const action of ["httpGet", "tcpSocket"]) {
          if (text(at(container.fields, ...handler.split("."), action, "host")) !== "") {
            yield {
              path: `${container.path}.${handler}.${action}.host`,
              problem: "lets the kubelet reach another host",
            };
          }
        }
      }
    }
  },
};

const appArmor: Control = {
  id: "app-armor",
  *check(pod) {
    for (const context of securityContexts(pod)) {
      const profile = context.fields.appArmorProfile;
      const type = fields(profile).type;
      if (isSet(profile) && type !== "RuntimeDefault" && type !== "Localhost") {
        yield {
          path: `${context.path}.appArmorProfile.type`,
          problem: `${text(type) || "empty"} lifts AppArmor`,
        };
      }
    }
    for (const [key, value] of Object.entries(fields(pod.metadata.annotations))) {
      if (!key.startsWith(appArmorAnnotation)) continue;
      const profile = text(value);
      if (profile === "" || profile === "runtime/default" || profile.startsWith("localhost/")) continue;
      yield { path: podPath(pod, `metadata.annotations["${key}"]`), problem: `${profile} lifts AppArmor` };
    }
  },
};

const seLinux: Control = {
  id: "se-linux",
  *check(pod) {
    for (const context of securityContexts(pod)) {
      const options = fields(context.fields.seLinuxOptions);
      const path = `${context.path}.seLinuxOptions`;
      if (!seLinuxTypes.has(text(options.type)))
        yield { path: `${path}.type`, problem: `${text(options.type)} is not a container type` };
      for (const name of ["user", "role"]) {
        if (text(options[name]) !== "") yield { path: `${path}.${name}`, problem: "may not be chosen" };
      }
    }
  },
};

const procMount: Control = {
  id: "proc-mount",
  *check(pod) {
    if (!hasUserNamespace(pod)) yield* unmaskedProcMount.check(pod);
  },
};

/** The restricted profile demands it without regard to user namespaces. */
export const unmaskedProcMount: Control = {
  id: "proc-mount",
  *check(pod) {
    for (const context of containers(pod).map(containerSecurityContext)) {
      const mount = context.fields.procMount;
      if (isSet(mount) && mount !== "Default") {
        yield { path: `${context.path}.procMount`, problem: `${text(mount)} uncovers the node's /proc` };
      }
    }
  },
};

const seccomp: Control = {
  id: "seccomp",
  *check(pod) {
    for (const context of securityContexts(pod)) {
      const profile = context.fields.seccompProfile;
      if (isSet(profile) && !isConfinedSeccomp(fields(profile).type)) {
        yield { path: `${context.path}.seccompProfile.type`, problem: "lifts the limits on system calls" };
      }
    }
  },
};

const safeSysctls: Control = {
  id: "sysctls",
  *check(pod) {
    const path = podPath(pod, "spec.securityContext.sysctls");
    for (const sysctl of elements(at(pod.spec, "securityContext", "sysctls"), path)) {
      const name = text(sysctl.fields.name);
      if (!sysctls.has(name))
        yield { path: `${sysctl.path}.name`, problem: `${name} reaches beyond the pod` };
    }
  },
};

const windowsHostProcess: Control = {
  id: "windows-host-process",
  *check(pod) {
    for (const context of securityContexts(pod)) {
      if (isOn(at(context.fields, "windowsOptions", "hostProcess"))) {
        yield {
          path: `${context.path}.windowsOptions.hostProcess`,
          problem: "runs as a process of the node",
        };
      }
    }
  },
};

function* listed(value: unknown): Iterable<[number, string]> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield [index, text(item)];
}

/** The baseline profile of Pod Security Standards v1.37, as k8s.io/pod-security-admission v0.37.2 decides it. */
export const baseline: readonly Control[] = [
  hostNamespaces,
  privileged,
  addedCapabilities,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  appArmor,
  seLinux,
  procMount,
  seccomp,
  safeSysctls,
  windowsHostProcess,
];
