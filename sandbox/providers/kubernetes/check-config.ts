import type { PropertyMap } from "../protocol/properties";

export interface CheckFailure {
  property: string;
  reason: string;
}

/** Refuses provider inputs that contradict each other; the inputs themselves stay as they are. */
export function checkConfig(inputs: PropertyMap, isDefaultProvider: boolean): CheckFailure[] {
  if (inputs["strictMode"] !== "true") return [];
  const missing = ["kubeconfig", "context"].filter((key) => !inputs[key]);
  return [
    ...(isDefaultProvider ? [{ property: "", reason: "strict mode prohibits default provider" }] : []),
    ...missing.map((property) => ({
      property,
      reason: `strict mode requires Provider "${property}" argument`,
    })),
  ];
}
