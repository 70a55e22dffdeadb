import assert from "node:assert/strict";
import { applicationStatus } from "../../../sandbox/report/applications";
import { installedCharts } from "../../../sandbox/report/table";
import { undelivered } from "../../../sandbox/report/wait-for-delivery";

const delivered = { name: "bff-dev", sync: "Synced", health: "Healthy", revision: "a", reason: "" };

describe("the report on Applications", () => {
  it("counts one as delivered only when it is Synced, Healthy and at a current commit", async () => {
    const names = async (change: Partial<typeof delivered> = {}) => {
      const isCurrent = (revision: string) => Promise.resolve(revision === "a");
      return (await undelivered([{ ...delivered, ...change }], isCurrent)).map(({ name }) => name);
    };
    assert.deepEqual(await names(), []);
    assert.deepEqual(await names({ revision: "b" }), ["bff-dev"]);
    assert.deepEqual(await names({ sync: "OutOfSync" }), ["bff-dev"]);
    assert.deepEqual(await names({ health: "Progressing" }), ["bff-dev"]);
  });

  it("calls unknown what Argo CD has not looked at yet", () => {
    const { sync, health } = applicationStatus({ metadata: { name: "new" } });
    assert.deepEqual({ sync, health }, { sync: "Unknown", health: "Unknown" });
  });

  it("gives the reason of a failed sync", () => {
    const status = { operationState: { phase: "Failed", message: "one or more objects failed to apply" } };
    assert.equal(
      applicationStatus({ metadata: { name: "a" }, status }).reason,
      "one or more objects failed to apply",
    );
  });

  it("lists the charts of a state, with and without a release", () => {
    const stack = "urn:pulumi:dev::gitops-platform::";
    assert.deepEqual(
      installedCharts([
        `${stack}platform:argo-cd:ArgoCd$kubernetes:helm.sh/v4:Chart::argocd`,
        `${stack}platform:argo-cd:ArgoCd$kubernetes:helm.sh/v4:Chart$kubernetes:apps/v1:Deployment::argocd:x`,
        `${stack}platform:clusters:WorkloadCluster$platform:sealed-secrets:SealedSecrets$kubernetes:helm.sh/v4:Chart::dev-sealed-secrets`,
        `${stack}platform:cert-manager:CertManager$kubernetes-cert-manager:index:CertManager$kubernetes:helm.sh/v3:Release::cert-manager-helm`,
        `${stack}kubernetes:core/v1:Namespace::argocd`,
      ]),
      [
        { name: "argocd", chart: "argo-cd" },
        { name: "dev-sealed-secrets", chart: "sealed-secrets" },
        { name: "cert-manager-helm", chart: "cert-manager" },
      ],
    );
  });
});
