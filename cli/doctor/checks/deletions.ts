import type { Tree } from "../cluster-api";
import { perCluster } from "../context";
import { failed, type Finding, ok } from "../finding";

/** What a teardown waits for, in the order in which it goes. */
const lists = [
  "/apis/argoproj.io/v1alpha1/applicationsets",
  "/apis/argoproj.io/v1alpha1/applications",
  "/apis/argoproj.io/v1alpha1/appprojects",
  "/apis/external-secrets.io/v1/externalsecrets",
  "/apis/bitnami.com/v1alpha1/sealedsecrets",
  "/api/v1/namespaces",
];

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
}

interface NamespaceStatus {
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly message?: string;
  }[];
}

// Objects in a list do not say what they are.
function kindOf(list: string): string {
  return list.slice(list.lastIndexOf("/") + 1).replace(/s$/, "");
}

/** Why an object that is being deleted is still there; a namespace says what it still holds. */
function reasonOf(object: Tree, finalizers: readonly string[]): string {
  const { conditions = [] } = (object["status"] ?? {}) as NamespaceStatus;
  const held = conditions.filter(
    ({ type, status }) => /^Namespace.*Remaining$/.test(type) && status === "True",
  );
  const messages = held.flatMap(({ message }) => message ?? []);
  if (messages.length > 0) return messages.join("; ");
  return finalizers.length > 0 ? `waits for ${finalizers.join(", ")}` : "waits for what it owns";
}

/** What somebody has deleted and what holds it. An update cannot write such an object, and a teardown waits for it. */
export function judgeDeletions(
  cluster: string,
  found: readonly { readonly kind: string; readonly object: Tree }[],
  now: Date,
): Finding[] {
  const deleted = found.filter(
    ({ object }) => (object["metadata"] as Metadata | undefined)?.deletionTimestamp !== undefined,
  );
  if (deleted.length === 0) return [ok(cluster, "holds nothing that is being deleted")];
  return deleted.map(({ kind, object }) => {
    const { name, namespace, deletionTimestamp, finalizers = [] } = object["metadata"] as Metadata;
    const minutes = Math.floor((now.getTime() - Date.parse(deletionTimestamp!)) / 60_000);
    const title = `${kind} ${[namespace, name].filter(Boolean).join("/")}`;
    return failed(
      cluster,
      `${title} has been deleted for ${minutes} minutes and ${reasonOf(object, finalizers)}`,
      "see docs/runbooks/teardown.md: what holds it must still run, and reach the cluster that it cleans up",
    );
  });
}

export const deletionsCheck = perCluster("deletions", async ({ name, api }, { now }) => {
  const found = await Promise.all(
    lists.map(async (list) => (await api.list(list)).map((object) => ({ kind: kindOf(list), object }))),
  );
  return judgeDeletions(name, found.flat(), now());
});
