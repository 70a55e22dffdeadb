import { existsSync } from "node:fs";
import { load } from "js-yaml";
import type { Session } from "../kubernetes/session";
import { requireCluster } from "../kubernetes/session";
import { messageOf } from "../kubernetes/session";
import type { PropertyMap } from "../protocol/properties";
import { helm } from "./command";
import { parseManifest } from "./manifests";
import type { Deployed, Release } from "./release-properties";

interface ChartMetadata {
  name: string;
  version: string;
  appVersion?: string;
}

/** The metadata of the chart that the release's constraints lead to. */
export async function showChart(session: Session, release: Release): Promise<ChartMetadata> {
  const shown = await run(session, ["show", "chart", release.chart, ...chartFlags(release)]);
  return load(shown) as ChartMetadata;
}

export async function install(session: Session, release: Release): Promise<void> {
  await run(
    session,
    [
      "install",
      release.name,
      release.chart,
      ...named(release),
      ...chartFlags(release),
      ...changeFlags(release),
      ...flag(release.disableWebhooks, "--no-hooks"),
      ...flag(release.skipCrds, "--skip-crds"),
      ...flag(release.replace, "--replace"),
      ...flag(release.createNamespace, "--create-namespace"),
    ],
    release.values,
  );
}

export async function upgrade(session: Session, release: Release): Promise<void> {
  await run(
    session,
    [
      "upgrade",
      release.name,
      release.chart,
      ...named(release),
      ...chartFlags(release),
      ...changeFlags(release),
      ...flag(release.disableCRDHooks, "--no-hooks"),
      ...flag(release.forceUpdate, "--force"),
      ...flag(release.resetValues, "--reset-values"),
      ...flag(release.reuseValues, "--reuse-values"),
      ...flag(release.cleanupOnFail, "--cleanup-on-fail"),
      "--history-max",
      String(release.maxHistory ?? 0),
    ],
    release.values,
  );
}

export async function uninstall(session: Session, release: Release): Promise<void> {
  const wait = release.atomic || !release.skipAwait;
  await run(session, [
    "uninstall",
    release.name,
    ...named(release),
    ...(wait ? ["--wait", "--timeout", seconds(release.timeout)] : []),
  ]);
}

/** What is installed under a name; undefined when nothing is. */
export async function deployed(
  session: Session,
  release: Pick<Release, "name" | "namespace">,
): Promise<Deployed | undefined> {
  const get = (what: string, ...more: string[]) =>
    run(session, ["get", what, release.name, "--namespace", release.namespace, ...more]);
  try {
    const metadata = JSON.parse(await get("metadata", "--output", "json")) as Record<string, string | number>;
    const { name, namespace, chart, version, appVersion, revision, status } = metadata;
    const known = { appVersion, chart, name, namespace, revision, status, version };
    const present = Object.entries(known).filter(([, value]) => value !== undefined && value !== "");
    return {
      status: Object.fromEntries(present) as PropertyMap,
      objects: parseManifest(await get("manifest")),
    };
  } catch (error) {
    if (/release: not found/.test(messageOf(error))) return undefined;
    throw error;
  }
}

function run(session: Session, args: string[], values?: PropertyMap): Promise<string> {
  const { access } = requireCluster(session);
  return helm({
    access,
    arguments: args,
    signal: session.cancelled,
    environment: { HELM_DRIVER: session.settings.helmDriver },
    ...(values === undefined ? {} : { values }),
  });
}

function named(release: Release): string[] {
  return ["--namespace", release.namespace];
}

function chartFlags(release: Release): string[] {
  const { repo = "", ...credentials } = release.repositoryOpts ?? {};
  const refused = Object.keys(credentials).find((key) => credentials[key] !== "");
  if (refused) {
    throw new Error(
      `repositoryOpts.${refused} is not supported by the stand-in for the Kubernetes provider; ` +
        "download the chart and give its path",
    );
  }
  // Helm alone would take the path; the official provider asks the repository for it.
  if (repo !== "" && existsSync(release.chart)) {
    throw new Error(`chart "${release.chart}" is a path, but repositoryOpts.repo is ${repo}: set repo to ""`);
  }
  return [
    ...(release.version === "" ? [] : ["--version", release.version]),
    ...(repo === "" || release.chart.startsWith("oci://") ? [] : ["--repo", repo]),
    ...flag(release.devel, "--devel"),
    ...(release.verify ? ["--verify", "--keyring", release.keyring] : []),
  ];
}

function changeFlags(release: Release): string[] {
  return [
    ...(release.skipAwait ? [] : ["--wait", ...flag(release.waitForJobs, "--wait-for-jobs")]),
    ...flag(release.atomic, "--atomic"),
    ...flag(release.dependencyUpdate, "--dependency-update"),
    ...flag(release.disableOpenapiValidation, "--disable-openapi-validation"),
    ...flag(release.renderSubchartNotes, "--render-subchart-notes"),
    ...(release.description === "" ? [] : ["--description", release.description]),
    ...(release.postrender === "" ? [] : ["--post-renderer", release.postrender]),
    "--timeout",
    seconds(release.timeout),
  ];
}

function seconds(timeout: number): string {
  return `${timeout === 0 ? 300 : timeout}s`;
}

function flag(set: boolean, name: string): string[] {
  return set ? [name] : [];
}
