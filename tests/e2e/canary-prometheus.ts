import { sendJson, TestServer } from "../cli/support/server";

/** What the pods of one version tell about themselves. */
export interface Figures {
  /** Requests in any two minutes. */
  readonly requests: number;
  readonly errorRatio: string;
  readonly seconds: string;
  /** Minutes since they were scraped for the last time. */
  readonly age: number;
}

/** What Prometheus makes of the two queries of `infrastructure/k8s/base/common`; no value stands for an empty vector. */
function evaluate(query: string, { requests, errorRatio, seconds, age }: Figures): string | undefined {
  const [, window] = /\[(\d+)m\]/.exec(query) ?? [];
  // A rate over a span in which nothing was scraped has no series; an instant value would live on for five minutes.
  if (age >= Number(window ?? 5)) return undefined;
  const [, floor] = /and \(\s*sum\(increase\([^)]*\)\) >= (\d+)/.exec(query) ?? [];
  if (floor !== undefined && requests < Number(floor)) return undefined;
  return query.includes("histogram_quantile") ? seconds : String(1 - Number(errorRatio));
}

/** An HTTP server that speaks the API of Prometheus and answers for pods by the version that they run. */
export class CanaryPrometheus {
  /** Pod template hashes that were asked about. */
  readonly asked = new Set<string>();

  private constructor(private readonly server: TestServer) {}

  /** @param figuresOf the figures of the pods with a template hash; undefined for pods that were never scraped. */
  static async start(figuresOf: (hash: string) => Promise<Figures | undefined>): Promise<CanaryPrometheus> {
    const holder: { prometheus?: CanaryPrometheus } = {};
    const server = await TestServer.start(async ({ url, body }, response) => {
      const query = new URLSearchParams(body).get("query") ?? url.searchParams.get("query") ?? "";
      const [, hash = ""] = /rollouts_pod_template_hash="([^"]+)"/.exec(query) ?? [];
      holder.prometheus?.asked.add(hash);
      const figures = await figuresOf(hash);
      const value = figures && evaluate(query, figures);
      const result = value === undefined ? [] : [{ metric: {}, value: [Date.now() / 1000, value] }];
      sendJson(response, 200, { status: "success", data: { resultType: "vector", result } });
    });
    holder.prometheus = new CanaryPrometheus(server);
    return holder.prometheus;
  }

  get address(): string {
    return this.server.address;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
