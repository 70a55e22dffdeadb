import { text, valueAt } from "../objects/object";
import { ready, waiting } from "./readiness";
import type { Awaiter } from "./readiness";

const storageClasses = { group: "storage.k8s.io", version: "v1", kind: "StorageClass" };

export const readyPersistentVolume: Awaiter = (live) => {
  const phase = text(valueAt(live, "status", "phase"));
  return phase === "Available" || phase === "Bound"
    ? ready
    : waiting(`PersistentVolume is ${phase || "new"}`);
};

/** Ready: bound; or pending, where the storage class binds only when a Pod uses the claim. */
export const readyPersistentVolumeClaim: Awaiter = async (live, around) => {
  const phase = text(valueAt(live, "status", "phase"));
  if (phase === "Bound") return ready;
  const name = text(valueAt(live, "spec", "storageClassName"));
  const storageClass = name === "" ? undefined : await around.get(storageClasses, "", name);
  const waitsForPod = valueAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
  return waitsForPod && phase === "Pending" ? ready : waiting(`PersistentVolumeClaim is ${phase || "new"}`);
};
