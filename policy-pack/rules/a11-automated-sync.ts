import { applications } from "../applications";
import { at, isOn, isSet, texts } from "../fields";
import type { Rule } from "../rule";

const statefulKinds = new Set(["StatefulSet", "PersistentVolumeClaim"]);

export const automatedSync: Rule = {
  id: "A11",
  title: "Automated sync cannot empty an application",
  severity: "high",
  why: "An empty folder, a bad merge or a removed file deletes what runs, and with it the data.",
  fix: "Leave allowEmpty out, say selfHeal, and in production prune last and ask before pruning what holds data.",
  link: "https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/",
  *check(object, { environment, pulumi }) {
    for (const { path, spec } of applications(object)) {
      const automated = at(spec, "syncPolicy", "automated");
      if (!isSet(automated)) continue;
      const where = `${path}.syncPolicy.automated`;
      if (isOn(at(automated, "allowEmpty")))
        yield { control: "empty", path: `${where}.allowEmpty`, problem: "is true" };
      if (typeof at(automated, "selfHeal") !== "boolean") {
        yield { control: "self-heal", path: `${where}.selfHeal`, problem: "is not said" };
      }
      const prunesLast = texts(at(spec, "syncPolicy", "syncOptions")).includes("PruneLast=true");
      if (environment === "production" && isOn(at(automated, "prune")) && !prunesLast) {
        yield {
          control: "prune",
          path: `${path}.syncPolicy.syncOptions`,
          problem: "does not contain PruneLast=true",
        };
      }
    }
    if (environment !== "production" || pulumi || !statefulKinds.has(object.kind ?? "")) return;
    const options = String(object.metadata?.annotations?.["argocd.argoproj.io/sync-options"] ?? "");
    if (!/(^|,)\s*(Prune=(confirm|false)|Delete=(confirm|false))/.test(options)) {
      yield {
        control: "stateful",
        path: 'metadata.annotations["argocd.argoproj.io/sync-options"]',
        problem: "lets data be pruned without asking",
        fix: "Annotate it with Prune=confirm,Delete=confirm.",
      };
    }
  },
};
