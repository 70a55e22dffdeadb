import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { tokenExpiry } from "../../../config/kubeconfig";
import { perCluster } from "../context";
import { type Finding, invalid, ok } from "../finding";

/** How a kubeconfig's user proves who it is, as far as it can be judged without a cluster. */
export interface Credentials {
  readonly token?: string | undefined;
  /** The program that fetches credentials. */
  readonly plugin?: string | undefined;
}

interface Named {
  readonly name: string;
  readonly user?: { readonly token?: string; readonly exec?: { readonly command?: string } };
  readonly context?: { readonly user?: string };
}

/** The credentials of a context, of a kubeconfig that the configuration's own rules have accepted. */
export function readCredentials(kubeconfig: string, context: string | undefined): Credentials {
  const config = parse(kubeconfig) as {
    "current-context"?: string;
    contexts?: readonly Named[];
    users?: readonly Named[];
  };
  const wanted = context ?? config["current-context"];
  const name = config.contexts?.find((entry) => entry.name === wanted)?.context?.user;
  const user = config.users?.find((entry) => entry.name === name)?.user;
  return { token: user?.token, plugin: user?.exec?.command };
}

/** Whether a program stands on PATH, or at its path where it has one. */
export function isInstalled(command: string, path: string): boolean {
  const candidates =
    isAbsolute(command) || command.includes("/")
      ? [command]
      : path.split(delimiter).map((folder) => join(folder, command));
  return candidates.some((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Refuses credentials that cannot work any more, or not on this machine. */
export function judgeCredentials(
  { name, key }: { readonly name: string; readonly key: string },
  { token, plugin }: Credentials,
  facts: { readonly now: Date; readonly path: string },
): Finding {
  if (plugin !== undefined && !isInstalled(plugin, facts.path)) {
    return invalid(name, `${key} calls the program "${plugin}", which is not on PATH`, `install ${plugin}`);
  }
  const expiry = token === undefined ? undefined : tokenExpiry(token);
  const until = expiry ? `; its token is valid until ${expiry.toISOString()}` : "";
  return ok(name, `${key} can be used${until}`);
}

/** Bad credentials would fail resource by resource in the middle of `up`. */
export const kubeconfigCheck = perCluster("kubeconfig", (cluster, { now }) =>
  Promise.resolve([
    judgeCredentials(cluster, readCredentials(cluster.kubeconfig, cluster.context), {
      now: now(),
      path: process.env["PATH"] ?? "",
    }),
  ]),
);
