import { at, elements, fields, isSet, text, type Fields } from "../fields";
import { secretPrefix } from "../platform";
import type { Finding, KubernetesObject, Rule } from "../rule";

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const shortest = 60;
const longest = 24 * 3600;

/** Seconds in a duration as Go writes it; undefined where it is none. */
function seconds(duration: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) return undefined;
  return [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  );
}

/** The part of an object that says what is fetched: an ExternalSecret's spec, also inside a ClusterExternalSecret. */
function externalSecretSpec(object: KubernetesObject): { spec: Fields; path: string } | undefined {
  if (object.kind === "ExternalSecret") return { spec: fields(object.spec), path: "spec" };
  if (object.kind !== "ClusterExternalSecret") return undefined;
  return { spec: fields(at(object, "spec", "externalSecretSpec")), path: "spec.externalSecretSpec" };
}

/** Remote keys with the path of each; a search without a path looks through everything. */
function* remoteKeys({
  spec,
  path,
}: {
  spec: Fields;
  path: string;
}): Iterable<{ key: string; path: string }> {
  for (const entry of elements(spec.data, `${path}.data`)) {
    if (isSet(entry.fields.remoteRef))
      yield { key: text(at(entry.fields, "remoteRef", "key")), path: `${entry.path}.remoteRef.key` };
  }
  for (const entry of elements(spec.dataFrom, `${path}.dataFrom`)) {
    if (isSet(entry.fields.extract))
      yield { key: text(at(entry.fields, "extract", "key")), path: `${entry.path}.extract.key` };
    if (isSet(entry.fields.find))
      yield { key: text(at(entry.fields, "find", "path")), path: `${entry.path}.find.path` };
  }
}

function* refresh({ spec, path }: { spec: Fields; path: string }): Iterable<Finding> {
  // Omitted, it is an hour.
  if (
    !isSet(spec.refreshInterval) ||
    spec.refreshPolicy === "CreatedOnce" ||
    spec.refreshPolicy === "OnChange"
  )
    return;
  const interval = seconds(text(spec.refreshInterval));
  if (interval === undefined || interval < shortest || interval > longest) {
    yield {
      control: "refresh",
      path: `${path}.refreshInterval`,
      problem: `${text(spec.refreshInterval)} is not between 1m and 24h`,
    };
  }
}

export const externalSecrets: Rule = {
  id: "E3",
  title: "External secrets come from their own environment",
  severity: "critical",
  why: "One wrong path hands production's secrets to dev; template functions can carry them away (CVE-2026-34984, CVE-2026-22822).",
  fix: "Use a key below platform/<environment>/, refresh between 1m and 24h, and leave getHostByName and getSecretKey out.",
  link: "https://external-secrets.io/latest/guides/threat-model/",
  *check(object, { environment }) {
    const found = externalSecretSpec(object);
    if (!found) return;
    const prefix = secretPrefix(environment);
    for (const { key, path } of remoteKeys(found)) {
      const isOwn = key.replace(/^\//, "").startsWith(prefix) && !key.split("/").includes("..");
      if (!isOwn) yield { control: "key", path, problem: `${key || "an empty key"} is not below ${prefix}` };
    }
    yield* refresh(found);
    const template = JSON.stringify(at(found.spec, "target", "template") ?? null);
    for (const name of ["getHostByName", "getSecretKey"]) {
      if (template.includes(name))
        yield { control: "template", path: `${found.path}.target.template`, problem: `uses ${name}` };
    }
  },
};
