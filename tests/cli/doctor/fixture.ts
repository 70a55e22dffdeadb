import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chartFloorCheck } from "../../../cli/doctor/checks/chart-floor";
import { chartSourceCheck } from "../../../cli/doctor/checks/chart-source";
import { checksAfter, checksBefore } from "../../../cli/doctor/checks/index";
import { fetchText, type ReadText } from "../../../cli/doctor/charts";
import type { Check } from "../../../cli/doctor/context";
import type { Finding, Status } from "../../../cli/doctor/finding";
import type { Environment } from "../../../config/environment";
import { testCertificate, testKeyPair } from "../../stack-config";
import { startVault } from "./vault/vault-server";
import { TestServer } from "../support/server";
import { ApiServer, testAuthority } from "./api-server";
import { configWith, contextWith } from "./context";
import { seal } from "./seal";

type Tree = Record<string, unknown>;

/** A world with one fault, which the file is named by, and what doctor must say of it. */
export interface DoctorFixture {
  /** The check that finds it. */
  readonly check: string;
  readonly environment?: Environment;
  readonly after?: boolean;
  /** Keys of the stack beside those that must be there. */
  readonly config?: Tree;
  /** Objects by path, per cluster; the first is the hub. Clusters of one `uid` are one cluster. */
  readonly clusters?: Record<string, { uid?: string; objects?: Record<string, Tree>; user?: Tree }>;
  /** What every chart repository answers. */
  readonly charts?: "404" | "html" | "silence" | "untrusted" | Tree;
  /** Changes to a Vault that is set up for dev. */
  readonly vault?: { authMounts?: Tree; policies?: Tree; role?: Tree };
  /** A SealedSecret in git, and what it was sealed for. */
  readonly sealed?: { name: string; namespace: string; for: string; withOtherKey?: boolean };
  /** Overlay folders. */
  readonly services?: readonly string[];
  readonly finding: { subject?: string; status: Status; message: string; fix: string };
}

type Stop = () => unknown;

async function untrustedServer(): Promise<{ address: string; stop: Stop }> {
  const { sign } = await testAuthority();
  const { certificate: cert, privateKey: key } = await sign({ commonName: "charts", server: true });
  const server = createServer({ cert, key }, (_, response) => response.end("entries: {}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => server.close(),
  };
}

async function chartRepository(charts: DoctorFixture["charts"]): Promise<{ readText: ReadText; stop: Stop }> {
  if (typeof charts === "object")
    return {
      readText: () => Promise.resolve(JSON.stringify(charts)),
      stop: () => undefined,
    };
  const server =
    charts === "untrusted"
      ? await untrustedServer()
      : await TestServer.start((_, response) => {
          if (charts === "404") response.writeHead(404).end();
          if (charts === "html") response.end("<!DOCTYPE html><p>Log in");
        });
  return { readText: () => fetchText(`${server.address}/index.yaml`, 200), stop: () => server.stop() };
}

function checkNamed(name: string, after: boolean, readText: ReadText): Check {
  const checks = [
    chartFloorCheck(readText),
    chartSourceCheck(readText),
    ...(after ? checksAfter() : checksBefore()),
  ];
  const check = checks.find((candidate) => candidate.name === name);
  if (!check) throw new Error(`doctor has no check ${name}`);
  return check;
}

/** A work tree with the overlays and the SealedSecret of the fixture, and the key that the stack has. */
function writeRepository({ services = [], sealed, environment = "dev" }: DoctorFixture) {
  const directory = mkdtempSync(join(tmpdir(), "gitops-platform-"));
  const overlays = join(directory, "infrastructure", "k8s", "overlays", environment);
  for (const service of ["bff", ...services]) mkdirSync(join(overlays, service), { recursive: true });
  if (sealed) {
    const key = sealed.withOtherKey
      ? generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey
      : createPublicKey(testCertificate());
    const object = {
      apiVersion: "bitnami.com/v1alpha1",
      kind: "SealedSecret",
      metadata: { name: sealed.name, namespace: sealed.namespace },
      spec: { encryptedData: { token: seal("canary", sealed.for, key) } },
    };
    writeFileSync(join(overlays, "bff", "sealed.yaml"), JSON.stringify(object));
  }
  return { directory, sealingKey: testKeyPair() };
}

/** Makes the fixture's world, lets its check look at it, and takes it away again. */
export async function examine(fixture: DoctorFixture): Promise<readonly Finding[]> {
  const { environment = "dev", after = false } = fixture;
  const stops: Stop[] = [];
  try {
    const named = Object.entries(fixture.clusters ?? { dev: {} });
    const apis = await Promise.all(
      named.map(async ([name, { uid = name, objects = {} }]) => {
        const api = await ApiServer.start();
        stops.push(() => api.stop());
        api.put("/api/v1/namespaces/kube-system", { metadata: { uid } });
        for (const [path, object] of Object.entries(objects)) api.put(path, object);
        return api;
      }),
    );
    const clusters = named.map(([name, { user = {} }], index) => ({
      ...apis[index]!.cluster(name, index === 0 ? "hub" : "spoke"),
      kubeconfig: apis[index]!.kubeconfig(user),
    }));
    const { readText, stop } = await chartRepository(fixture.charts);
    stops.push(stop);
    const vault =
      fixture.vault &&
      (await startVault(apis[0]!, (settings) => {
        const { authMounts, policies, role } = fixture.vault!;
        const mounts = (authMounts ?? settings.authMounts) as typeof settings.authMounts;
        if (role) Object.assign(mounts["kubernetes/dev"]!.roles["platform-dev"]!, role);
        return {
          ...settings,
          authMounts: mounts,
          ...(policies && { policies: policies as typeof settings.policies }),
        };
      }));
    if (vault) stops.push(() => vault.stop());
    const { directory, sealingKey } = writeRepository(fixture);
    const { secrets, ...config } = configWith({
      ...fixture.config,
      ...(vault && { vault: { server: vault.address, caCertificate: vault.caCertificate } }),
    });
    return await checkNamed(fixture.check, after, readText).run(
      contextWith(clusters, {
        environment,
        after,
        stack: { directory, project: "gitops-platform", stack: environment },
        config: { ...config, secrets: { ...secrets, ...(fixture.sealed && { sealingKey }) } },
      }),
    );
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}
