import { fillTemplate } from "../settings";
import type { GateContext } from "./context";
import { unanswered, type Verdict } from "./verdict";

const timeout = 10_000;

/** A health address must say so itself; HTTP 200 alone is what login pages answer too. */
export function judgeEndpoint(service: string, status: number, body: string, expected: string): Verdict {
  const verdict = { gate: "endpoint", subject: service };
  if (status !== 200) return { ...verdict, passed: false, reason: `HTTP ${status}` };
  let said: unknown;
  try {
    said = (JSON.parse(body) as { status?: unknown } | null)?.status;
  } catch {
    return { ...verdict, passed: false, reason: "the answer is not JSON" };
  }
  return {
    ...verdict,
    passed: said === expected,
    reason: `status is ${JSON.stringify(said)}, expected "${expected}"`,
  };
}

async function collect(context: GateContext, service: string): Promise<Verdict> {
  const { url, status } = context.gates.endpoint!;
  try {
    const response = await fetch(fillTemplate(url, { service, environment: context.from }), {
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    return judgeEndpoint(service, response.status, await response.text(), status);
  } catch (error) {
    return unanswered("endpoint", service, (error as Error).cause ?? error);
  }
}

export async function endpointGate(context: GateContext): Promise<Verdict[]> {
  if (!context.gates.endpoint) return [];
  return Promise.all(context.candidates.map(({ service }) => collect(context, service)));
}
