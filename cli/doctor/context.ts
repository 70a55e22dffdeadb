import type { ResolvedConfig } from "../../config/clusters";
import type { Environment } from "../../config/environment";
import type { PulumiStack } from "../pulumi";
import type { ClusterApi } from "./cluster-api";
import { type Finding, reasonOf } from "./finding";

/** A cluster of the stack and the way Pulumi takes to it. */
export interface Cluster {
  readonly name: string;
  readonly role: "hub" | "spoke";
  /** The configuration key that is to blame if the kubeconfig is wrong. */
  readonly key: string;
  readonly kubeconfig: string;
  /** Omitted, the kubeconfig's current-context. */
  readonly context: string | undefined;
  readonly api: ClusterApi;
}

/** What the checks look at. */
export interface DoctorContext {
  readonly environment: Environment;
  readonly stack: PulumiStack;
  readonly config: ResolvedConfig;
  /** The hub first. */
  readonly clusters: readonly Cluster[];
  /** Whether `up` has been run, so that what it makes must be there. */
  readonly after: boolean;
  readonly now: () => Date;
}

/** One question about the world; a check that throws counts as `invalid`. */
export interface Check {
  readonly name: string;
  readonly run: (context: DoctorContext) => Promise<readonly Finding[]>;
}

/** A check that asks the same of every cluster, each by itself. */
export function perCluster(
  name: string,
  run: (cluster: Cluster, context: DoctorContext) => Promise<readonly Finding[]>,
): Check {
  return {
    name,
    run: async (context) => {
      const findings = await Promise.all(
        context.clusters.map((cluster) =>
          run(cluster, context).catch((error: unknown) => [unreadable(cluster.name, error)]),
        ),
      );
      return findings.flat();
    },
  };
}

function unreadable(subject: string, error: unknown): Finding {
  return {
    subject,
    status: "invalid",
    message: `cannot be asked: ${reasonOf(error)}`,
    fix: "mend what cluster-version says of this cluster, then run doctor again",
  };
}
