import { secret, withoutSecretMarks } from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { withSecrets } from "../kubernetes/objects/checkpoint";
import { idOf, kindOf, text } from "../kubernetes/objects/object";
import type { KubernetesObject } from "../kubernetes/objects/object";

const flags = [
  "allowNullValues",
  "atomic",
  "cleanupOnFail",
  "createNamespace",
  "dependencyUpdate",
  "devel",
  "disableCRDHooks",
  "disableOpenapiValidation",
  "disableWebhooks",
  "forceUpdate",
  "lint",
  "recreatePods",
  "renderSubchartNotes",
  "replace",
  "resetValues",
  "reuseValues",
  "skipAwait",
  "skipCrds",
  "verify",
  "waitForJobs",
] as const;
const texts = ["chart", "description", "keyring", "name", "namespace", "postrender", "version"] as const;
const repositoryTexts = ["caFile", "certFile", "keyFile", "password", "repo", "username"];

const defaultTimeout = 300;

/** A Helm release as its resource describes it: every field is there, unset ones with their zero value. */
export type Release = Record<(typeof flags)[number], boolean> &
  Record<(typeof texts)[number], string> & {
    timeout: number;
    values: PropertyMap;
    maxHistory?: number;
    repositoryOpts?: Record<string, string>;
  };

/** Reads inputs or a state, of which nothing may be unknown but texts and values. */
export function releaseFrom(properties: PropertyMap): Release {
  const plain = withoutSecretMarks(properties);
  const repository = plain["repositoryOpts"] as PropertyMap | undefined | null;
  const maxHistory = plain["maxHistory"];
  return {
    ...(Object.fromEntries(flags.map((key) => [key, plain[key] === true])) as Record<
      (typeof flags)[number],
      boolean
    >),
    ...(Object.fromEntries(texts.map((key) => [key, text(plain[key])])) as Record<
      (typeof texts)[number],
      string
    >),
    timeout: typeof plain["timeout"] === "number" ? plain["timeout"] : 0,
    values: (plain["values"] ?? {}) as PropertyMap,
    ...(typeof maxHistory === "number" ? { maxHistory } : {}),
    ...(repository
      ? { repositoryOpts: Object.fromEntries(repositoryTexts.map((key) => [key, text(repository[key])])) }
      : {}),
  };
}

/** What holds when the user does not say: the provider's namespace, and five minutes unless nothing is waited for. */
export function withDefaults(inputs: PropertyMap, namespace: string): PropertyMap {
  const timed = inputs["skipAwait"] === true || inputs["timeout"] !== undefined;
  return {
    ...inputs,
    ...(inputs["namespace"] ? {} : { namespace }),
    ...(timed ? {} : { timeout: defaultTimeout }),
    ...(inputs["verify"] === true && !inputs["keyring"]
      ? { keyring: `${process.env["HOME"] ?? ""}/.gnupg/pubring.gpg` }
      : {}),
  };
}

/** What Helm knows of an installed release. */
export interface Deployed {
  status: PropertyMap;
  /** The objects of the release. */
  objects: KubernetesObject[];
}

/** The state of a release; its inputs are kept as one secret, and whatever was secret in them stays so. */
export function releaseState(
  release: Release,
  deployed: Deployed | "unknown",
  inputs: PropertyMap,
  unknown: Property,
): PropertyMap {
  const outputs: PropertyMap =
    deployed === "unknown"
      ? { resourceNames: unknown, status: unknown }
      : { resourceNames: resourceNames(deployed.objects), status: deployed.status };
  const state = withSecrets({ ...release, ...outputs } as PropertyMap, inputs);
  return { ...state, __inputs: secret(inputs) };
}

/** `Deployment.apps/apps/v1` → [`namespace/name`], as the official provider groups them. */
function resourceNames(objects: KubernetesObject[]): PropertyMap {
  const names = new Map<string, Set<string>>();
  for (const object of objects) {
    const { group, kind } = kindOf(object);
    const key = `${group === "" ? kind : `${kind}.${group}`}/${text(object["apiVersion"])}`;
    names.set(key, (names.get(key) ?? new Set()).add(idOf(object)));
  }
  return Object.fromEntries([...names].map(([key, set]) => [key, [...set].sort()]));
}
