import type { Rule } from "../rule";
import { projectScope } from "./a1-project-scope";
import { applicationSets } from "./a10-application-sets";
import { automatedSync } from "./a11-automated-sync";
import { syncWindows } from "./a12-sync-windows";
import { destinations } from "./a13-destinations";
import { tenancy } from "./a14-tenancy";
import { webhooks } from "./a15-webhooks";
import { projectClusterResources } from "./a2-project-cluster-resources";
import { defaultProject } from "./a3-default-project";
import { serverAccess } from "./a4-server-access";
import { webTerminal } from "./a5-web-terminal";
import { localAccounts } from "./a6-local-accounts";
import { permissions } from "./a7-permissions";
import { tlsVerification } from "./a8-tls-verification";
import { manifestGeneration } from "./a9-manifest-generation";
import { chartVersionPins } from "./c1-chart-versions";
import { imagePins } from "./c2-images";
import { gitRevisions } from "./c3-git-revisions";
import { strictSchema } from "./c4-schema";
import { vaultStore } from "./e1-vault-store";
import { clusterStores } from "./e2-cluster-stores";
import { externalSecrets } from "./e3-external-secrets";
import { externalSecretsRights } from "./e4-external-secrets-rights";
import { certificates } from "./m1-certificates";
import { exposedServices } from "./n1-exposed-services";
import { ingress } from "./n2-ingress";
import { networkPolicies } from "./n3-network-policies";
import { clusterAdmin } from "./r1-cluster-admin";
import { roleWildcards } from "./r2-wildcards";
import { privilegeEscalation } from "./r3-privilege-escalation";
import { readSecrets } from "./r4-secrets";
import { anonymousSubjects } from "./r5-anonymous-subjects";
import { argoCdAccount } from "./r6-argo-cd-account";
import { plainSecrets } from "./s1-plain-secrets";
import { secretLeaks } from "./s2-secret-leaks";
import { tokenSecrets } from "./s3-token-secrets";
import { sealedSecrets } from "./s4-sealed-secrets";
import { protection } from "./u1-protection";
import { providers } from "./u2-providers";
import { environmentIdentity } from "./u3-environment-identity";
import { podSecurityBaseline } from "./w1-pod-security-baseline";
import { podSecurityRestricted } from "./w2-pod-security-restricted";
import { readOnlyRootFilesystem } from "./w3-read-only-root-filesystem";
import { resourceBounds } from "./w4-resources";
import { probes } from "./w5-probes";
import { serviceAccountTokens } from "./w6-service-account-tokens";
import { namespacePodSecurity } from "./w7-namespace-pod-security";
import { availability } from "./w8-availability";

/** Every check, in the order of its id. */
export const rules: readonly Rule[] = [
  podSecurityBaseline,
  podSecurityRestricted,
  readOnlyRootFilesystem,
  resourceBounds,
  probes,
  serviceAccountTokens,
  namespacePodSecurity,
  availability,
  clusterAdmin,
  roleWildcards,
  privilegeEscalation,
  readSecrets,
  anonymousSubjects,
  argoCdAccount,
  exposedServices,
  ingress,
  networkPolicies,
  plainSecrets,
  secretLeaks,
  tokenSecrets,
  sealedSecrets,
  chartVersionPins,
  imagePins,
  gitRevisions,
  strictSchema,
  projectScope,
  projectClusterResources,
  defaultProject,
  serverAccess,
  webTerminal,
  localAccounts,
  permissions,
  tlsVerification,
  manifestGeneration,
  applicationSets,
  automatedSync,
  syncWindows,
  destinations,
  tenancy,
  webhooks,
  vaultStore,
  clusterStores,
  externalSecrets,
  externalSecretsRights,
  certificates,
  protection,
  providers,
  environmentIdentity,
];
