import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { type Environment } from "../../../config/environment";

export const badInputs = resolve(__dirname, "../../fixtures/manifests/bad");

/** A fixture that is called by its fault, and how it is refused. */
export interface BadInput {
  readonly fixture: string;
  /** Exit code: 1 for what is against a rule, 2 for what cannot be read or built. */
  readonly exitCode: 0 | 1 | 2;
  /** `file:line` inside the fixture, or the fixture itself. */
  readonly place: string;
  readonly rule: string;
  readonly message: RegExp;
  /** Only kustomize finds it. */
  readonly built: boolean;
  readonly environment: Environment;
}

function bad(
  fixture: string,
  exitCode: BadInput["exitCode"],
  place: string,
  rule: string,
  message: RegExp,
  { built = false, environment = "production" as Environment } = {},
): BadInput {
  return { fixture, exitCode, place, rule, message, built, environment };
}

const built = { built: true };

/** What the check must refuse, or for which it must warn; grouped by the kind of input. */
export const badInputsByKind: Readonly<Record<string, readonly BadInput[]>> = {
  "a path of an overlay": [
    bad("absolute", 2, "kustomization.yaml:4", "readable", /absolute path \/etc\/hosts; write it relative/),
    bad("outside", 2, "kustomization.yaml:4", "readable", /reaches .* outside .*; move it inside/),
    bad("missing", 2, "kustomization.yaml:4", "readable", /names deployment.yaml, which does not exist/),
    bad(
      "missing-patch",
      2,
      "kustomization.yaml:6",
      "readable",
      /names patches\/replicas.yaml, which does not/,
    ),
    bad(
      "application-outside.yaml",
      1,
      ":1",
      "application",
      /\.\.\/other\/infrastructure, which leads out of/,
    ),
    bad("unread-file", 1, "network-policy.yaml", "unread-file", /not listed in kustomization.yaml/, built),
  ],
  "a field that kustomize left behind": [
    bad(
      "deprecated-fields",
      1,
      "kustomization.yaml:3",
      "kustomization-fields",
      /bases: is deprecated/,
      built,
    ),
    bad("deprecated-fields", 1, "kustomization.yaml:5", "kustomization-fields", /commonLabels: /, built),
    bad("deprecated-fields", 1, "kustomization.yaml:7", "kustomization-fields", /vars: is deprecated/, built),
    bad("deprecated-fields", 0, "kustomization.yaml:7", "kustomization-fields", /vars: is deprecated/, {
      built: true,
      environment: "dev",
    }),
  ],
  "a remote base": [
    bad("remote-base", 2, "kustomization.yaml:4", "readable", /takes https:.*ref=main from outside/),
    bad("remote-base", 2, "kustomization.yaml:5", "readable", /takes github.com\/.* from outside/),
    bad("remote-base", 2, "kustomization.yaml:6", "readable", /takes git@github.com:.* from outside/),
  ],
  "a patch without a target": [
    bad(
      "patch-without-target",
      1,
      "kustomization.yaml:6",
      "patch-target",
      /kind Deployment, name bff/,
      built,
    ),
    bad(
      "strategic-patch-without-target",
      2,
      "kustomization.yaml:14",
      "readable",
      /patches Deployment bff/,
      built,
    ),
  ],
  "an object that stands twice": [
    bad("duplicate-object.yaml", 1, ":9", "one-owner", /stands in this file twice/),
    bad(
      "duplicate-resource",
      2,
      "more.yaml:9",
      "readable",
      /Service bff a second time, after .*service.yaml:1/,
      built,
    ),
    bad("two-producers.yaml", 1, ":10", "one-producer", /makes the Secret app-secrets/),
  ],
  "an image": [
    bad("floating-tag.yaml", 1, ":1", "C2/tag", /has the tag latest/),
    bad("latest-tag", 1, "image.yaml", "image-file", /"latest" names no version/, built),
    bad("empty-tag", 1, "image.yaml", "image-file", /newTag is missing or empty/, built),
    bad("long-tag", 1, "image.yaml", "image-file", /at most 128 letters/, built),
    bad("number-tag", 1, "image.yaml", "image-file", /1\.10 must be quoted/, built),
    bad("upper-case-repository", 1, "image.yaml", "image-file", /in lower case/, built),
    bad("tag-in-repository", 1, "image.yaml", "image-file", /without tag/, built),
    bad("digest-too-short", 1, "image.yaml", "image-file", /64 hexadecimal digits/, built),
    bad("crlf-image", 1, "image.yaml", "image-file", /Windows line ends/, built),
    bad("byte-order-mark-image", 1, "image.yaml", "image-file", /byte order mark/, built),
    bad("unused-image", 1, "image.yaml", "image-file", /no container of the overlay runs/, built),
    bad("unlisted-image", 0, "image.yaml", "image-file", /does not state ghcr.io\/platform\/proxy/, {
      built: true,
      environment: "dev",
    }),
  ],
  "a secret of somewhere else": [
    bad("external-secret-of-another-environment.yaml", 1, ":1", "E3/key", /is not below platform\/dev\//, {
      environment: "dev",
    }),
    bad("sealed-for-another-name.yaml", 1, ":1", "sealed-for", /for the name smtp but used for mail/),
    bad("sealed-for-another-namespace.yaml", 1, ":1", "sealed-for", /but used for platform-staging/),
  ],
  YAML: [
    bad("duplicate-key.yaml", 2, ":8", "readable", /keys must be unique/),
    bad("anchor-bomb.yaml", 2, "", "readable", /alias count/),
    bad("tab.yaml", 2, ":4", "readable", /Tabs/),
    bad("ambiguous-boolean.yaml", 2, ":7", "readable", /write "NO", true or false/),
    bad("number-as-text.yaml", 1, ":1", "C4/type", /VERSION/),
    bad("unknown-tag.yaml", 2, ":4", "readable", /!include/),
    bad("two-documents", 2, "kustomization.yaml", "readable", /one YAML document/),
    bad("not-an-object.yaml", 2, ":1", "readable", /apiVersion and kind are needed/),
    bad("empty.yaml", 2, "", "readable", /holds no object/),
  ],
};

export const allBadInputs: readonly BadInput[] = Object.values(badInputsByKind).flat();

/** Fixtures for which nobody says how they are refused. */
export function forgottenFixtures(): string[] {
  const known = new Set(allBadInputs.map(({ fixture }) => fixture));
  return readdirSync(badInputs).filter((name) => !known.has(name));
}

/** The place of a finding as the table states it. */
export function placeOf({ fixture, place }: BadInput): string {
  return place.startsWith(":") || place === "" ? `${fixture}${place}` : `${fixture}/${place}`;
}
