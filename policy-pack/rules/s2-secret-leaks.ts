import { fields, isOn, isSet, text } from "../fields";
import type { Rule } from "../rule";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

export const secretLeaks: Rule = {
  id: "S2",
  title: "Secrets do not leak into annotations, state or files",
  severity: "critical",
  why: "A copy in plain text is not protected by what protects the Secret (CVE-2023-40029).",
  fix: "Apply Secrets server-side, and let Pulumi encrypt what becomes secret.",
  link: "https://www.pulumi.com/docs/iac/concepts/secrets/",
  *check(object, { pulumi }) {
    if (object.kind === "Secret") {
      if (isSet(fields(object.metadata?.annotations)[lastApplied])) {
        yield {
          control: "last-applied",
          path: `metadata.annotations["${lastApplied}"]`,
          problem: "repeats the Secret in plain text",
        };
      }
      const isToken = object.type === "kubernetes.io/service-account-token";
      if (pulumi && isToken && !pulumi.secretOutputs.includes("data")) {
        yield {
          control: "state",
          path: "data",
          problem: "comes back from the cluster into the state in plain text",
          fix: 'Set the option additionalSecretOutputs: ["data"].',
        };
      }
    }
    if (text(object.kind) === "pulumi:providers:kubernetes") {
      const { renderYamlToDirectory } = fields(object.spec);
      if (isOn(renderYamlToDirectory)) {
        yield {
          control: "files",
          path: "spec.renderYamlToDirectory",
          problem: "writes every Secret to a file in plain text",
          fix: "Remove renderYamlToDirectory.",
        };
      }
    }
  },
};
