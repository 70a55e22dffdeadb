import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { ClusterApi } from "../../cli/doctor/cluster-api";
import { newMemory, reconcile } from "./reconcile";

const passMilliseconds = 1_000;

/** The stand-in for the External Secrets controller, as a process of its own: fill-external-secrets.ts <kubeconfig>. */
async function run(kubeconfig: string): Promise<never> {
  const api = ClusterApi.fromKubeconfig(readFileSync(kubeconfig, "utf8"), undefined);
  const memory = newMemory();
  for (let last = ""; ; await delay(passMilliseconds)) {
    try {
      await reconcile(api, memory, new Date());
      last = "";
    } catch (error) {
      const { message } = error as Error;
      if (message !== last) console.error(message);
      last = message;
    }
  }
}

void run(process.argv[2] ?? "");
