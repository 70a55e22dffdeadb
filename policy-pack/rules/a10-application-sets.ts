import { isTemplated } from "../applications";
import { argoCdSettings } from "../argo-cd-settings";
import { at, elements, isOn, isSet, text, texts, type Fields } from "../fields";
import type { KubernetesObject, Rule } from "../rule";

/** Every generator, also those inside matrix and merge. */
function* generators(value: unknown, path: string): Iterable<{ path: string; fields: Fields }> {
  for (const generator of elements(value, path)) {
    yield generator;
    for (const kind of ["matrix", "merge"]) {
      yield* generators(at(generator.fields, kind, "generators"), `${generator.path}.${kind}.generators`);
    }
  }
}

function usesCodeHost(object: KubernetesObject): boolean {
  if (object.kind !== "ApplicationSet") return false;
  return [...generators(at(object, "spec", "generators"), "spec.generators")].some(
    ({ fields: generator }) => isSet(generator.scmProvider) || isSet(generator.pullRequest),
  );
}

export const applicationSets: Rule = {
  id: "A10",
  title: "ApplicationSets cannot widen or empty what they deliver",
  severity: "high",
  why: "A templated project lets a generator choose its own fence; a removed folder or cluster takes production along; a missing key becomes an empty name.",
  fix: "Write the project out, set goTemplateOptions: [missingkey=error], and in production preserveResourcesOnDeletion: true and applicationsSync: create-update under spec.syncPolicy.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Security/",
  *check(object, { environment }) {
    if (object.kind !== "ApplicationSet") return;
    const spec = object.spec;
    const project = at(spec, "template", "spec", "project");
    if (isTemplated(project))
      yield { control: "project", path: "spec.template.spec.project", problem: "is chosen by the generator" };
    if (/\bproject\s*:/.test(text(at(spec, "templatePatch")))) {
      yield { control: "project", path: "spec.templatePatch", problem: "changes the project" };
    }
    const isStrict =
      at(spec, "goTemplate") === true && texts(at(spec, "goTemplateOptions")).includes("missingkey=error");
    if (!isStrict) {
      yield {
        control: "template",
        path: "spec.goTemplateOptions",
        problem: "lets a missing key become an empty text",
      };
    }
    if (environment === "production") {
      if (!isOn(at(spec, "syncPolicy", "preserveResourcesOnDeletion"))) {
        yield {
          control: "deletion",
          path: "spec.syncPolicy.preserveResourcesOnDeletion",
          problem: "is not true, so that workloads go with the Applications",
        };
      }
      const mode = text(at(spec, "syncPolicy", "applicationsSync"));
      if (mode !== "create-update" && mode !== "create-only") {
        yield {
          control: "deletion",
          path: "spec.syncPolicy.applicationsSync",
          problem: `is ${mode || "not set"}, so that Applications may be deleted`,
        };
      }
    }
    // The same words in the list of options satisfy the schema and do nothing.
    const options = texts(at(spec, "template", "spec", "syncPolicy", "syncOptions"));
    if (options.some((option) => option.startsWith("preserveResourcesOnDeletion"))) {
      yield {
        control: "deletion",
        path: "spec.template.spec.syncPolicy.syncOptions",
        problem: "names preserveResourcesOnDeletion, which is no sync option",
      };
    }
  },
  *checkAll(objects) {
    const params = objects.flatMap((object) => argoCdSettings(object, "argocd-cmd-params-cm"));
    const isLimited = params.some(
      ({ data }) =>
        text(data["applicationsetcontroller.allowed.scm.providers"]) !== "" &&
        isOn(data["applicationsetcontroller.enable.tokenref.strict.mode"]),
    );
    if (isLimited) return;
    for (const object of objects.filter(usesCodeHost)) {
      yield {
        object,
        control: "code-host",
        path: "spec.generators",
        problem: "may send its token to any host",
        fix: "Set applicationsetcontroller.allowed.scm.providers and applicationsetcontroller.enable.tokenref.strict.mode.",
      };
    }
  },
};
