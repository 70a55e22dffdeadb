import { query, type Answer, type PrometheusOptions } from "../prometheus";
import { fillTemplate, type MetricsSettings } from "../settings";
import type { GateContext } from "./context";
import type { Verdict } from "./verdict";

/** What Prometheus said about one service; `latency` is undefined where nothing is asked. */
export interface Measurements {
  readonly traffic: Answer;
  readonly errorRatio: Answer;
  readonly latency: Answer | undefined;
}

type Judgement = { readonly passed: boolean; readonly text: string };

function judge(
  name: string,
  answer: Answer,
  accept: (value: number) => boolean,
  say: (value: number) => string,
): Judgement {
  if ("fault" in answer) return { passed: false, text: `${name}: ${answer.fault}` };
  const { value } = answer.sample;
  return { passed: accept(value), text: `${name} ${say(value)}` };
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(2)} %`;
}

/** Every figure must be known and within its bound; a ratio above 1 is no ratio and fails like an unknown one. */
export function judgeMetrics(service: string, measured: Measurements, settings: MetricsSettings): Verdict {
  const { traffic, errorRatio, latency } = settings;
  const judgements = [
    judge(
      "traffic",
      measured.traffic,
      (value) => value >= traffic.minimum,
      (value) => `${value.toFixed(2)} requests/s of at least ${traffic.minimum}`,
    ),
    judge(
      "error ratio",
      measured.errorRatio,
      (value) => value <= errorRatio.maximum,
      (value) =>
        value > 1
          ? `${value} is above 1, so the query is no ratio`
          : `${percent(value)} of at most ${percent(errorRatio.maximum)}`,
    ),
    ...(latency && measured.latency
      ? [
          judge(
            "latency",
            measured.latency,
            (value) => value <= latency.maximum,
            (value) => `${value.toFixed(3)} s of at most ${latency.maximum} s`,
          ),
        ]
      : []),
  ];
  const passed = judgements.every((judgement) => judgement.passed);
  return { gate: "metrics", subject: service, passed, reason: judgements.map(({ text }) => text).join(", ") };
}

async function measure(settings: MetricsSettings, values: Record<string, string>): Promise<Measurements> {
  const options: PrometheusOptions = { ...settings, token: process.env["PROMETHEUS_TOKEN"] };
  const ask = (expression: string) => query(options, fillTemplate(expression, values));
  const [traffic, errorRatio, latency] = await Promise.all([
    ask(settings.traffic.query),
    ask(settings.errorRatio.query),
    settings.latency ? ask(settings.latency.query) : undefined,
  ]);
  return { traffic, errorRatio, latency };
}

export async function metricsGate(context: GateContext): Promise<Verdict[]> {
  const settings = context.gates.metrics;
  if (!settings) return [];
  return Promise.all(
    context.candidates.map(async ({ service }) =>
      judgeMetrics(service, await measure(settings, { service, environment: context.from }), settings),
    ),
  );
}
