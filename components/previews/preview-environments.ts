import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AppProject } from "../argo-cd/app-project";
import { argoCdIdentities } from "../argo-cd/argo-cd-identities";
import { deployableKinds, derivedKinds } from "../argo-cd/deployable-kinds";
import type { GitSource } from "../argo-cd/git-source";
import { inClusterServer } from "../argo-cd/platform-projects";
import { DeployerAccess } from "../clusters/deployer-access";
import { hubDeployerRules } from "../clusters/deployer-role";
import { VaultSecretStore, type VaultSecretStoreArgs } from "../external-secrets/vault-secret-store";
import { restrictedNamespace } from "../restricted-namespace";
import { PreviewsApplicationSet, type PullRequests } from "./previews-application-set";

export interface PreviewEnvironmentsArgs {
  /** Namespace of Argo CD. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the cluster Argo CD runs in, which runs the previews too. */
  readonly hub: string;
  readonly git: GitSource;
  /** Folder of the overlays that a preview runs. */
  readonly environment: string;
  readonly pullRequests: PullRequests;
  readonly token: pulumi.Input<string>;
  /** What the names of the namespaces begin with; their numbers follow. */
  readonly namespacePrefix: string;
  /** Names of the namespaces that pull requests share. */
  readonly namespaces: readonly string[];
  /** Groups that may see and sync previews. */
  readonly developers: readonly string[];
  /** Omitted, services get no secrets from Vault. */
  readonly vault?: Omit<VaultSecretStoreArgs, "namespace"> | undefined;
}

/**
 * Whole environments for pull requests, each in one of a fixed number of namespaces: Argo CD need not be allowed to make
 * any, and its rights end where they end for services. See docs/decisions/0006.
 */
export class PreviewEnvironments extends pulumi.ComponentResource {
  constructor(name: string, args: PreviewEnvironmentsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:previews:PreviewEnvironments", name, {}, opts);
    const parent = { parent: this };
    const token = new kubernetes.core.v1.Secret(
      `${name}-token`,
      {
        metadata: {
          name: "previews-token",
          namespace: args.namespace,
          // Argo CD sends no other Secret to a code host.
          labels: { "argocd.argoproj.io/secret-type": "scm-creds" },
        },
        stringData: { token: args.token },
      },
      parent,
    );
    const ready = args.namespaces.flatMap((preview) => {
      const created = restrictedNamespace(`${name}-${preview}`, preview, parent);
      const namespace = created.metadata.name;
      return [
        new DeployerAccess(
          `${name}-${preview}-deployer`,
          { namespace, rules: hubDeployerRules, subjects: argoCdIdentities },
          parent,
        ),
        ...(args.vault
          ? [new VaultSecretStore(`${name}-${preview}-vault`, { ...args.vault, namespace }, parent)]
          : []),
      ];
    });
    const { project } = new AppProject(
      `${name}-project`,
      {
        namespace: args.namespace,
        project: "previews",
        description: "Pull requests of this repository, while they bear the label",
        sourceRepos: [args.git.url],
        destinations: args.namespaces.map((preview) => ({
          name: args.hub,
          server: inClusterServer,
          namespace: preview,
        })),
        kinds: [...deployableKinds, ...derivedKinds],
        roles: [
          {
            name: "developer",
            description: "Sees and syncs previews, and reads their logs",
            groups: args.developers,
            permissions: [
              { resource: "applications", action: "get" },
              { resource: "applications", action: "sync" },
              { resource: "logs", action: "get" },
            ],
          },
        ],
        protect: false,
      },
      parent,
    );
    new PreviewsApplicationSet(
      name,
      {
        namespace: args.namespace,
        project,
        git: args.git,
        pullRequests: args.pullRequests,
        token: { secretName: token.metadata.name, key: "token" },
        environment: args.environment,
        namespacePrefix: args.namespacePrefix,
        namespaces: args.namespaces.length,
      },
      { ...parent, dependsOn: ready },
    );
    this.registerOutputs({});
  }
}
