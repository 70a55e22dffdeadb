import { approvalGate } from "./approval";
import type { GateContext } from "./context";
import { deployedGate } from "./deployed";
import { endpointGate } from "./endpoint";
import { imageGate } from "./image";
import { metricsGate } from "./metrics";
import { policyGate } from "./policy";
import { soakGate } from "./soak";
import type { Verdict } from "./verdict";
import { windowGate } from "./window";

type Gate = (context: GateContext) => Promise<Verdict[]>;

/** What a new image must prove in the environment it comes from, and about itself. */
export const promotionGates: readonly Gate[] = [
  deployedGate,
  soakGate,
  metricsGate,
  endpointGate,
  imageGate,
  policyGate,
  windowGate,
  approvalGate,
];

/** An image that goes back was proved once; its surroundings may have changed since. */
export const rollbackGates: readonly Gate[] = [imageGate, policyGate, windowGate, approvalGate];

/** Answers all gates, also after one has said no, so that the reader learns everything at once. */
export async function runGates(gates: readonly Gate[], context: GateContext): Promise<Verdict[]> {
  return (await Promise.all(gates.map((gate) => gate(context)))).flat();
}
