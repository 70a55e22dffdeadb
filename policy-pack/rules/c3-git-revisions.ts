import { applications, isTemplated, sources } from "../applications";
import { text, texts } from "../fields";
import { protectedBranches } from "../platform";
import type { Rule } from "../rule";

const commit = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const versionTag = /^(refs\/tags\/.+|v?\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?)$/;

const remote =
  /^(https?:|ssh:|git:|git::|git@|[\w.-]+\.(com|org|io|net)\/|s3:|gcs:|hg:)|\.git(\/|\?|$)|[?&](ref|version)=/;

export const gitRevisions: Rule = {
  id: "C3",
  title: "What is delivered is what was reviewed",
  severity: "high",
  why: "A revision that anybody may move, or a base in somebody else's repository, delivers without a review.",
  fix: "Name a protected branch, a version tag or a commit; copy remote bases into the repository.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/security/#git-helm-repositories",
  *check(object) {
    for (const application of applications(object)) {
      for (const { path, fields: source } of sources(application)) {
        if (text(source.chart) !== "") continue;
        const revision = text(source.targetRevision);
        const isFixed = commit.test(revision) || versionTag.test(revision) || protectedBranches.has(revision);
        if (isFixed || isTemplated(revision)) continue;
        const problem =
          revision === "" || revision === "HEAD"
            ? "follows whatever branch is the default"
            : `${revision} is a branch that anybody may move`;
        yield { control: "revision", path: `${path}.targetRevision`, problem };
      }
    }
    if (!(object.apiVersion ?? "").startsWith("kustomize.config.k8s.io/") && object.kind !== "Kustomization")
      return;
    for (const field of ["resources", "bases", "components", "crds", "generators", "transformers"]) {
      for (const [index, base] of texts(object[field]).entries()) {
        if (remote.test(base))
          yield {
            control: "remote-base",
            path: `${field}[${index}]`,
            problem: "is fetched from another repository",
          };
      }
    }
  },
};
