import * as pulumi from "@pulumi/pulumi";
import { AppProject, type Destination, type ProjectRole, type SyncWindow } from "./app-project";
import { deployableKinds, derivedKinds, observabilityKinds, rootKinds } from "./deployable-kinds";
import type { Access } from "./rbac";

/** The cluster Argo CD runs in, as Argo CD addresses it. */
export const inClusterServer = "https://kubernetes.default.svc";

export interface PlatformProjectsArgs {
  readonly namespace: pulumi.Input<string>;
  /** The repository that holds `infrastructure/`. */
  readonly repository: string;
  /** Name of the cluster Argo CD runs in. */
  readonly hub: string;
  /** Registered clusters with the namespace of the services. */
  readonly destinations: readonly Destination[];
  readonly access: Pick<Access, "developers" | "projectAdmins">;
  readonly syncWindows: readonly SyncWindow[];
  readonly protect: boolean;
}

/** Permissions in Argo CD 3's terms: `sync` reaches no object of an Application, `delete/*` reaches nothing else. */
function projectRoles(access: Pick<Access, "developers" | "projectAdmins">): ProjectRole[] {
  const shared = [
    { resource: "applications", action: "get" },
    { resource: "applications", action: "sync" },
    { resource: "applications", action: "action/argoproj.io/Rollout/*" },
    { resource: "logs", action: "get" },
  ];
  return [
    {
      name: "developer",
      description: "Sees and syncs services, reads their logs, drives their rollouts",
      groups: access.developers,
      permissions: shared,
    },
    {
      name: "admin",
      description: "Repairs services: may also delete single objects and change an Application",
      groups: access.projectAdmins,
      permissions: [
        ...shared,
        { resource: "applications", action: "update" },
        { resource: "applications", action: "delete/*" },
      ],
    },
  ];
}

/**
 * Three fences. `bootstrap` holds the root Application and may only make Applications; because who may write there is
 * an administrator, nothing else lives in it. `observability` holds what the root delivers. `platform` holds services.
 */
export class PlatformProjects extends pulumi.ComponentResource {
  readonly bootstrap: pulumi.Output<string>;
  readonly observability: pulumi.Output<string>;
  readonly platform: pulumi.Output<string>;

  constructor(name: string, args: PlatformProjectsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:argo-cd:PlatformProjects", name, {}, opts);
    const shared = { namespace: args.namespace, sourceRepos: [args.repository], protect: args.protect };
    const argocd = { name: args.hub, server: inClusterServer, namespace: "argocd" };
    this.bootstrap = new AppProject(
      `${name}-bootstrap`,
      {
        ...shared,
        project: "bootstrap",
        description: "The root Application and nothing else; it may only make Applications",
        destinations: [argocd],
        kinds: rootKinds,
      },
      { parent: this },
    ).project;
    this.observability = new AppProject(
      `${name}-observability`,
      {
        ...shared,
        project: "observability",
        description: "Monitors, rules and dashboards for Argo CD and Argo Rollouts",
        destinations: [argocd],
        kinds: observabilityKinds,
      },
      { parent: this },
    ).project;
    this.platform = new AppProject(
      `${name}-platform`,
      {
        ...shared,
        project: "platform",
        description: "The services of this environment",
        destinations: args.destinations,
        kinds: [...deployableKinds, ...derivedKinds],
        roles: projectRoles(args.access),
        syncWindows: args.syncWindows,
      },
      { parent: this },
    ).project;
    this.registerOutputs({
      bootstrap: this.bootstrap,
      observability: this.observability,
      platform: this.platform,
    });
  }
}
