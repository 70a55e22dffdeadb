import { readSettings } from "../../../../sandbox/providers/kubernetes/settings";
import type { Session } from "../../../../sandbox/providers/kubernetes/session";

/** A configured provider without a cluster; variables as a stack would set them on the provider. */
export function offlineSession(variables: Record<string, string> = {}): Session {
  const prefixed = Object.entries(variables).map(
    ([key, value]) => [`kubernetes:config:${key}`, value] as const,
  );
  return {
    settings: readSettings(new Map(prefixed), {}),
    engine: { log: () => undefined, status: () => undefined },
    cluster: undefined,
    unreachable: "there is none",
    namespace: "default",
    crds: new Map(),
    cancelled: new AbortController().signal,
  };
}

export const urn = (type: string, name: string) => `urn:pulumi:dev::gitops-platform::${type}::${name}`;
