import type { Rule } from "../rule";
import { podSecurityBaseline } from "./w1-pod-security-baseline";
import { podSecurityRestricted } from "./w2-pod-security-restricted";

/** Every check, in the order of its id. */
export const rules: readonly Rule[] = [podSecurityBaseline, podSecurityRestricted];
