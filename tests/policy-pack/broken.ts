import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../policy-pack/rule";

export const brokenFolder = join(__dirname, "broken");

/** A set of objects in which one thing is wrong, and the rule that must say so. */
export interface Broken {
  readonly rule: string;
  readonly file: string;
  readonly objects: readonly KubernetesObject[];
  /** The fault lies in how Pulumi is told to apply the object, which a manifest cannot show. */
  readonly onlyPulumi: boolean;
  readonly protect: boolean;
  readonly provider: string;
}

function read(name: string): Broken {
  const rule = name.replace(/\.yaml$/, "");
  const file = join(brokenFolder, name);
  return {
    rule,
    file,
    objects: parseAllDocuments(readFileSync(file, "utf8")).map(
      (document) => document.toJS() as KubernetesObject,
    ),
    onlyPulumi: rule === "U1" || rule === "U2",
    protect: rule !== "U1",
    provider: rule === "U2" ? "default" : "hub",
  };
}

/** One for every rule, in production, where all of them are mandatory. */
export const brokenSets: readonly Broken[] = readdirSync(brokenFolder).map(read);
