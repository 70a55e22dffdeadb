import { CustomObjectsApi } from "@kubernetes/client-node";
import { z } from "zod";
import type { Environment } from "../../config/environment";
import { CliError } from "../errors";
import type { EnvironmentSettings } from "../settings";
import { readApplication, freezeAnnotation, type Application } from "./application";
import { connect, describeApiError, mergePatch } from "./connection";
import { syncWindowSchema, type SyncWindow } from "./sync-window";

/** A sync that a person asks for. */
export interface SyncRequest {
  readonly revision: string;
  /** Shown by Argo CD as the operation's initiator. */
  readonly by: string;
  readonly reason: string;
}

/** The Argo CD of one environment, read and steered through the Kubernetes API of its hub. */
export interface ArgoCd {
  /** The Applications of the environment's services, or of one service. */
  listApplications(service?: string): Promise<Application[]>;
  /** The sync windows of an AppProject. */
  readSyncWindows(project: string): Promise<SyncWindow[]>;
  /** Switches automated sync off; see docs/decisions/0020. */
  freeze(application: string, note: string): Promise<void>;
  unfreeze(application: string): Promise<void>;
  /** Ends an operation that still runs. */
  terminate(application: string): Promise<void>;
  sync(application: Application, request: SyncRequest): Promise<void>;
  /** Compares with git now instead of at the next poll. */
  refresh(application: string): Promise<void>;
}

const group = { group: "argoproj.io", version: "v1alpha1" };

const projectSchema = z.object({ spec: z.object({ syncWindows: z.array(syncWindowSchema).default([]) }) });

/** The Argo CD of an environment. Nothing is asked of the cluster yet. */
export function connectArgoCd(environment: Environment, settings: EnvironmentSettings): ArgoCd {
  const { hub, kubeconfig, namespace } = settings.clusters;
  const api = connect({ kubeconfig, context: hub }).makeApiClient(CustomObjectsApi);
  return new KubernetesArgoCd(api, environment, namespace);
}

class KubernetesArgoCd implements ArgoCd {
  constructor(
    private readonly api: CustomObjectsApi,
    private readonly environment: Environment,
    private readonly namespace: string,
  ) {}

  async listApplications(service?: string): Promise<Application[]> {
    const selector = [`environment=${this.environment}`, service ? `service=${service}` : "service"].join(
      ",",
    );
    const list = (await this.ask("read the Applications", () =>
      this.api.listNamespacedCustomObject({
        ...group,
        namespace: this.namespace,
        plural: "applications",
        labelSelector: selector,
      }),
    )) as { items?: unknown[] };
    return (list.items ?? []).map(readApplication);
  }

  async readSyncWindows(project: string): Promise<SyncWindow[]> {
    const object = await this.ask(`read the AppProject ${project}`, () =>
      this.api.getNamespacedCustomObject({
        ...group,
        namespace: this.namespace,
        plural: "appprojects",
        name: project,
      }),
    );
    const parsed = projectSchema.safeParse(object);
    if (parsed.success) return parsed.data.spec.syncWindows;
    const [issue] = parsed.error.issues;
    throw new CliError(`AppProject ${project} has an unreadable ${issue?.path.join(".")}: ${issue?.message}`);
  }

  async freeze(application: string, note: string): Promise<void> {
    await this.patch(application, {
      metadata: { annotations: { [freezeAnnotation]: note } },
      spec: { syncPolicy: { automated: { enabled: false } } },
    });
  }

  async unfreeze(application: string): Promise<void> {
    await this.patch(application, {
      metadata: { annotations: { [freezeAnnotation]: null } },
      spec: { syncPolicy: { automated: { enabled: null } } },
    });
  }

  async terminate(application: string): Promise<void> {
    await this.patch(application, { status: { operationState: { phase: "Terminating" } } });
  }

  async sync(application: Application, request: SyncRequest): Promise<void> {
    await this.patch(application.name, {
      operation: {
        initiatedBy: { username: request.by },
        info: [{ name: "Reason", value: request.reason }],
        sync: { revision: request.revision, prune: true, syncOptions: application.syncOptions },
      },
    });
  }

  async refresh(application: string): Promise<void> {
    await this.patch(application, { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } });
  }

  private async patch(application: string, body: object): Promise<void> {
    await this.ask(`change the Application ${application}`, () =>
      this.api.patchNamespacedCustomObject(
        { ...group, namespace: this.namespace, plural: "applications", name: application, body },
        mergePatch,
      ),
    );
  }

  private async ask<T>(what: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw new CliError(`Cannot ${what} of ${this.environment}: ${describeApiError(error)}`);
    }
  }
}
