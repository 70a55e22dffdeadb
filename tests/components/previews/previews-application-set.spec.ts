import assert from "node:assert/strict";
import { renderPreviewsApplicationSetSpec } from "../../../components/previews/previews-application-set";

const spec = renderPreviewsApplicationSetSpec({
  project: "previews",
  git: { url: "https://github.com/organization/platform", revision: "main" },
  pullRequests: { owner: "organization", repository: "platform", label: "preview" },
  token: { secretName: "previews-token", key: "token" },
  environment: "dev",
  namespacePrefix: "preview-dev-",
  namespaces: 3,
});

describe("the ApplicationSet of the previews", () => {
  const [pullRequests, folders] = spec.generators[0]!.matrix.generators;

  it("asks for pull requests that bear the label, and for nothing of any other repository", () => {
    assert.deepEqual(pullRequests!.pullRequest?.github, {
      owner: "organization",
      repo: "platform",
      api: undefined,
      labels: ["preview"],
      tokenRef: { secretName: "previews-token", key: "token" },
    });
  });

  it("delivers the very commit whose folders it has read", () => {
    assert.equal(folders!.git?.revision, "{{.head_sha}}");
    assert.equal(spec.template.spec.source.targetRevision, "{{.head_sha}}");
  });

  it("names its project literally, and moves every object out of the environment's own namespace", () => {
    const { project, source, destination } = spec.template.spec;
    assert.equal(project, "previews");
    assert.equal(source.kustomize.namespace, destination.namespace);
    assert.equal(destination.namespace, "preview-dev-{{mod (int .number) 3}}");
  });

  it("lets no pull request take the objects of another one whose number falls to the same namespace", () => {
    assert.ok(spec.template.spec.syncPolicy.syncOptions.includes("FailOnSharedResource=true"));
  });
});
