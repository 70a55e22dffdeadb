import { applications } from "../applications";
import { at, texts } from "../fields";
import type { Rule } from "../rule";
import { definedSchemas, isUnknownKind, validateSchema } from "../schemas";

/** Options that Argo CD knows; it ignores every other one without a word. */
const syncOptions: Readonly<Record<string, RegExp>> = {
  ApplyOutOfSyncOnly: /^(true|false)$/,
  ClientSideApplyMigration: /^(true|false)$/,
  CreateNamespace: /^(true|false)$/,
  Delete: /^(true|false|confirm)$/,
  FailOnSharedResource: /^(true|false)$/,
  Force: /^(true|false)$/,
  Prune: /^(true|false|confirm)$/,
  PruneLast: /^(true|false)$/,
  PrunePropagationPolicy: /^(foreground|background|orphan)$/,
  Replace: /^(true|false)$/,
  RespectIgnoreDifferences: /^(true|false)$/,
  ServerSideApply: /^(true|false)$/,
  SkipDryRunOnMissingResource: /^(true|false)$/,
  Validate: /^(true|false)$/,
};

function isSyncOption(option: string): boolean {
  const [name = "", value = ""] = option.trim().split("=");
  return syncOptions[name]?.test(value) ?? false;
}

/** Not objects of an API server: what only Pulumi or kustomize reads. */
function isServed(apiVersion: string): boolean {
  return !/^(pulumi\.com|kustomize\.config\.k8s\.io)\/|^builtin$/.test(apiVersion);
}

export const strictSchema: Rule = {
  id: "C4",
  title: "Objects have only fields that exist, where they belong",
  severity: "high",
  why: "The API server drops an unknown field in silence: a misplaced sync window leaves production without one.",
  fix: "Correct the field by the reference of its kind.",
  link: "https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level",
  *check(object, { pulumi }) {
    if (!isServed(object.apiVersion ?? "")) return;
    const isPatch = pulumi !== undefined && /Patch::/.test(pulumi.urn);
    for (const { path, problem, reason } of validateSchema(object)) {
      // A patch states only what it changes; what defines a kind may be delivered beside it.
      if (reason === "unknown-kind" || (isPatch && reason === "required")) continue;
      yield { control: reason, path, problem };
    }
    const annotation = object.metadata?.annotations?.["argocd.argoproj.io/sync-options"];
    const stated = [
      ...applications(object).flatMap(({ path, spec }) =>
        texts(at(spec, "syncPolicy", "syncOptions")).map((option, index) => ({
          option,
          path: `${path}.syncPolicy.syncOptions[${index}]`,
        })),
      ),
      ...(annotation === undefined
        ? []
        : String(annotation)
            .split(",")
            .map((option) => ({ option, path: 'metadata.annotations["argocd.argoproj.io/sync-options"]' }))),
    ];
    for (const { option, path } of stated) {
      if (!isSyncOption(option))
        yield { control: "sync-option", path, problem: `${option} is no sync option, and is ignored` };
    }
  },
  *checkAll(objects) {
    let defined: ReturnType<typeof definedSchemas> | undefined;
    for (const object of objects) {
      if (!isServed(object.apiVersion ?? "") || !isUnknownKind(object)) continue;
      for (const { path, problem, reason } of validateSchema(object, (defined ??= definedSchemas(objects)))) {
        const fix =
          reason === "unknown-kind" ? "Deliver its definition too, or exempt the object." : this.fix;
        yield { object, control: reason, path, problem, fix };
      }
    }
  },
};
