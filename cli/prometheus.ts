import { z } from "zod";

/** One sample; `age` in seconds at the time of the answer. */
export interface Sample {
  readonly value: number;
  readonly age: number;
}

/** Either exactly one sample, or the reason why there is none that could be trusted. */
export type Answer = { readonly sample: Sample } | { readonly fault: string };

/** https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
const responseSchema = z.object({
  status: z.string(),
  error: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  data: z.object({ resultType: z.string(), result: z.array(z.unknown()) }).optional(),
});

const vectorElement = z.object({ value: z.tuple([z.number(), z.string()]) });

/** Reads what Prometheus answered; everything but one finite, current number is a fault. */
export function readAnswer(body: unknown, now: Date, maximumAge: number): Answer {
  const parsed = responseSchema.safeParse(body);
  if (!parsed.success) return { fault: "the answer is not that of the Prometheus HTTP API" };
  const { status, error, warnings = [], data } = parsed.data;
  if (status !== "success") return { fault: `status is ${status}: ${error ?? "no reason given"}` };
  if (warnings.length > 0) return { fault: `the answer carries a warning: ${warnings[0]}` };
  if (data?.resultType !== "vector")
    return { fault: `the result is a ${data?.resultType ?? "nothing"}, not a vector` };
  if (data.result.length !== 1) {
    return {
      fault:
        data.result.length === 0 ? "no data" : `${data.result.length} series instead of one; aggregate them`,
    };
  }
  const element = vectorElement.safeParse(data.result[0]);
  if (!element.success) return { fault: "the series has no value" };
  const [time, text] = element.data.value;
  return judgeSample(time, text, now, maximumAge);
}

function judgeSample(time: number, text: string, now: Date, maximumAge: number): Answer {
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) return { fault: `the value is ${text}` };
  if (value < 0) return { fault: `the value ${text} is negative` };
  const age = now.getTime() / 1000 - time;
  if (age > maximumAge) return { fault: `the sample is ${Math.round(age)} s old, more than ${maximumAge} s` };
  if (age < -maximumAge)
    return { fault: `the sample is ${Math.round(-age)} s in the future; check the clocks` };
  return { sample: { value, age } };
}

export interface PrometheusOptions {
  readonly address: string;
  /** Sent as bearer token; omitted, none. */
  readonly token?: string | undefined;
  /** Seconds. */
  readonly timeout: number;
  /** Seconds. */
  readonly maximumAge: number;
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the answer is not JSON (${response.headers.get("content-type") ?? "no content type"})`);
  }
}

/**
 * Asks one instant query. Redirects are not followed: they lead to login pages and to plain http.
 *
 * @returns a fault instead of throwing, whatever happens.
 */
export async function query(
  options: PrometheusOptions,
  expression: string,
  now = () => new Date(),
): Promise<Answer> {
  const url = new URL(`${options.address.replace(/\/+$/, "")}/api/v1/query`);
  url.searchParams.set("query", expression);
  try {
    const response = await fetch(url, {
      headers: options.token ? { authorization: `Bearer ${options.token}` } : {},
      redirect: "manual",
      signal: AbortSignal.timeout(options.timeout * 1000),
    });
    if (response.status !== 200) return { fault: `HTTP ${response.status} from ${url.host}` };
    return readAnswer(await readBody(response), now(), options.maximumAge);
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: Error };
    if (name === "TimeoutError") return { fault: `no answer from ${url.host} within ${options.timeout} s` };
    return { fault: `${url.host}: ${cause?.message || message}` };
  }
}
