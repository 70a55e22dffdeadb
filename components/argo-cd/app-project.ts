import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** An entry of a project's white list: exact group and kind. */
export interface AllowedKind {
  readonly group: string;
  readonly kind: string;
}

export interface Destination {
  /** Name of a registered cluster. */
  readonly name: string;
  /** Address of its API server. Argo CD accepts a destination by either. */
  readonly server: string;
  readonly namespace: string;
}

/** A span of time in which a project's Applications are, or are not, synced. */
export interface SyncWindow {
  readonly kind: "allow" | "deny";
  /** Cron, five fields. */
  readonly schedule: string;
  /** Hours and minutes, such as `1h30m`. */
  readonly duration: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Glob patterns over Application names. */
  readonly applications: readonly string[];
  readonly manualSync: boolean;
}

export interface ProjectRole {
  readonly name: string;
  readonly description: string;
  /** Lines of `<resource>, <action>, <object below the project>`. */
  readonly permissions: readonly { readonly resource: string; readonly action: string }[];
  readonly groups: readonly string[];
}

export interface AppProjectArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the project. */
  readonly project: string;
  readonly description: string;
  readonly sourceRepos: readonly string[];
  readonly destinations: readonly Destination[];
  /** Namespaced kinds that its Applications may contain; cluster-scoped ones are never allowed. */
  readonly kinds: readonly AllowedKind[];
  readonly roles?: readonly ProjectRole[] | undefined;
  readonly syncWindows?: readonly SyncWindow[] | undefined;
  /** Whether losing the project by mistake must be made impossible. */
  readonly protect: boolean;
}

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/project-specification/ */
export function renderAppProjectSpec(args: AppProjectArgs) {
  return {
    description: args.description,
    sourceRepos: [...args.sourceRepos],
    destinations: args.destinations.map(({ name, server, namespace }) => ({ name, server, namespace })),
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: args.kinds.map(({ group, kind }) => ({ group, kind })),
    roles: (args.roles ?? []).map((role) => ({
      name: role.name,
      description: role.description,
      groups: [...role.groups],
      policies: role.permissions.map(
        ({ resource, action }) =>
          `p, proj:${args.project}:${role.name}, ${resource}, ${action}, ${args.project}/*, allow`,
      ),
    })),
    ...(args.syncWindows &&
      args.syncWindows.length > 0 && {
        syncWindows: args.syncWindows.map((window) => ({
          ...window,
          applications: [...window.applications],
        })),
      }),
  };
}

/** A fence around Applications: where they may come from, where they may go and what they may contain. */
export class AppProject extends pulumi.ComponentResource {
  /** Name of the project, known once it exists: what an Application names depends on it. */
  readonly project: pulumi.Output<string>;

  constructor(name: string, args: AppProjectArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:argo-cd:AppProject", name, {}, opts);
    const project = new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "AppProject",
        metadata: {
          name: args.project,
          namespace: args.namespace,
          // Holds the project until the last Application that refers to it is gone.
          finalizers: ["resources-finalizer.argocd.argoproj.io"],
        },
        spec: renderAppProjectSpec(args),
      },
      // Its finalizer waits for Applications; whoever waits longer should look at them.
      { parent: this, protect: args.protect, customTimeouts: { delete: "5m" } },
    );
    this.project = project.metadata.name;
    this.registerOutputs({ project: this.project });
  }
}
