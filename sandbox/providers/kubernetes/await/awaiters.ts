import { readyDaemonSet } from "./daemon-set";
import { readyDeployment } from "./deployment";
import { readyReplicationController, readyResourceQuota, readySecret } from "./filled";
import { readyIngress } from "./ingress";
import { readyJob } from "./job";
import { readyPod } from "./pod";
import type { Awaiter } from "./readiness";
import { readyService } from "./service";
import { readyStatefulSet } from "./stateful-set";
import { readyPersistentVolume, readyPersistentVolumeClaim } from "./volumes";

const minute = 60_000;

interface KindAwaiter {
  ready: Awaiter;
  /** Milliseconds, whatever the resource's own timeout says; undefined: that one counts. */
  limit?: number;
  /** Whether a refresh asks too. */
  onRead?: boolean;
}

/** The kinds that are waited for, by `apiVersion/Kind`; any other is ready as soon as it exists. */
export const awaiters: Record<string, KindAwaiter> = {
  "apps/v1/Deployment": { ready: readyDeployment, onRead: true },
  "apps/v1/StatefulSet": { ready: readyStatefulSet, onRead: true },
  "apps/v1/DaemonSet": { ready: readyDaemonSet, onRead: true },
  "batch/v1/Job": { ready: readyJob, onRead: true },
  "networking.k8s.io/v1/Ingress": { ready: readyIngress, onRead: true },
  "v1/PersistentVolume": { ready: readyPersistentVolume, limit: 5 * minute },
  "v1/PersistentVolumeClaim": { ready: readyPersistentVolumeClaim, limit: 5 * minute },
  "v1/Pod": { ready: readyPod, onRead: true },
  "v1/ReplicationController": { ready: readyReplicationController },
  "v1/ResourceQuota": { ready: readyResourceQuota, limit: minute },
  "v1/Secret": { ready: readySecret, limit: 5000 },
  "v1/Service": { ready: readyService, onRead: true },
};
