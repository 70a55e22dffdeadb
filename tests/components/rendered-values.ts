import { renderArgoCdValues, type ArgoCdValuesArgs } from "../../components/argo-cd/values";
import { renderArgoRolloutsValues } from "../../components/argo-rollouts/argo-rollouts";
import { renderCertManagerValues } from "../../components/cert-manager/cert-manager";
import type { ChartName } from "../../components/chart-versions";
import { renderExternalSecretsValues } from "../../components/external-secrets/external-secrets";
import { renderSealedSecretsValues } from "../../components/sealed-secrets/sealed-secrets";

const plain: ArgoCdValuesArgs = {
  domain: "argocd.example.com",
  highAvailability: false,
  exposure: { kind: "none" },
  access: { admins: [], projectAdmins: [], developers: [] },
  git: { url: "https://git.example.com/organization/platform" },
  webhook: false,
  keepCrds: false,
  progressiveRollout: false,
};

const full: ArgoCdValuesArgs = {
  ...plain,
  highAvailability: true,
  exposure: { kind: "gateway", gateway: { name: "public", namespace: "gateways", sectionName: "https" } },
  sso: {
    kind: "oidc",
    name: "Okta",
    issuer: "https://login.example.com",
    clientId: "argocd",
    scopes: ["openid"],
  },
  cloudIdentity: { kind: "azure", clientId: "id", tenantId: "id", principalId: "id" },
  access: { admins: ["platform-admins"], projectAdmins: [], developers: ["developers"] },
  git: { ...plain.git, caCertificate: "PEM", sshKnownHosts: "git.example.com ssh-ed25519 AAAA\n" },
  slackChannel: "deployments",
  webhook: true,
  keepCrds: true,
  progressiveRollout: true,
};

/** Values as the program makes them; between them they take every branch of the functions that make them. */
export const renderedValues = {
  argoCd: {
    plain: renderArgoCdValues(plain),
    full: renderArgoCdValues(full),
    ingress: renderArgoCdValues({ ...full, exposure: { kind: "ingress", className: "internal" } }),
    github: renderArgoCdValues({
      ...full,
      sso: { kind: "github", organization: "company", clientId: "argocd" },
      pullRequestPreviews: {},
    }),
  },
  argoRollouts: {
    plain: renderArgoRolloutsValues({ highAvailability: false, metrics: false, keepCrds: false }),
    full: renderArgoRolloutsValues({ highAvailability: true, metrics: true, keepCrds: true }),
  },
  certManager: {
    plain: renderCertManagerValues({ highAvailability: false, keepCrds: false }),
    full: renderCertManagerValues({ highAvailability: true, keepCrds: true }),
  },
  externalSecrets: {
    plain: renderExternalSecretsValues({ highAvailability: false, metrics: false, keepCrds: false }),
    full: renderExternalSecretsValues({ highAvailability: true, metrics: true, keepCrds: true }),
  },
  sealedSecrets: {
    plain: renderSealedSecretsValues({ ownKey: false, metrics: false }),
    full: renderSealedSecretsValues({ ownKey: true, metrics: true, keys: "0123456789abcdef" }),
  },
} satisfies Record<ChartName, Record<string, object>>;
