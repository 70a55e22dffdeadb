import { argoCdCases } from "./argo-cd";
import { certificateCases, externalSecretCases } from "./external-secrets";
import { networkCases } from "./network";
import { pulumiCases } from "./pulumi";
import { roleCases } from "./roles";
import type { RuleCases } from "./rule-cases";
import { secretCases } from "./secrets";
import { sourceCases } from "./sources";
import { networkPolicyCases, workloadCases } from "./workloads";

/** Objects for every rule that keep to it, break it, and leave a field out. */
export const ruleCases: readonly RuleCases[] = [
  ...workloadCases,
  ...roleCases,
  ...networkCases,
  ...networkPolicyCases,
  ...secretCases,
  ...sourceCases,
  ...argoCdCases,
  ...externalSecretCases,
  ...certificateCases,
  ...pulumiCases,
];
