import type { IncomingHttpHeaders } from "node:http";
import { request, type RequestOptions } from "node:https";

/** How long one answer may take, in milliseconds. */
export const answerTimeout = 15_000;

const largestAnswer = 64 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The JSON of an answer; undefined where it holds none. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}

/**
 * One https request, whose certificate is verified and whose redirects are not followed.
 *
 * @throws Error where nobody answers in time, the certificate is not trusted, or the answer never ends.
 */
export function send(url: string, options: RequestOptions, body?: unknown): Promise<Answer> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { ...options.headers, ...(payload && { "content-type": "application/json" }) };
    const signal = AbortSignal.timeout(answerTimeout);
    const call = request(url, { ...options, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > largestAnswer) response.destroy(new Error("answered with more than 64 MiB"));
      });
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    call.once("error", (error) =>
      reject(signal.aborted ? new Error(`gave no answer within ${answerTimeout / 1000} s`) : error),
    );
    call.end(payload);
  });
}
