import * as http from "node:http";
import * as https from "node:https";
import { readFileSync } from "node:fs";
import { kubeconfigOf } from "./kubeconfig";
import type { Access } from "./kubeconfig";

export interface Request {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
  /** Milliseconds without an answer after which the request fails; default 60000. */
  timeout?: number;
}

/** The API server refused a request: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    /** The plural name of the kind that the refusal is about; empty when unsaid. */
    readonly subject = "",
  ) {
    super(message);
  }

  is(reason: "NotFound" | "AlreadyExists" | "Conflict" | "Forbidden" | "Invalid" | "BadRequest"): boolean {
    return this.reason === reason;
  }
}

/** Speaks JSON over HTTP to one API server, as one user. */
export interface ApiClient {
  request<T>(request: Request): Promise<T>;
}

export async function connectApi(access: Access): Promise<ApiClient> {
  const base = new URL(access.cluster.server);
  const transport = base.protocol === "http:" ? http : https;
  const options = await connectionOptions(access);
  const agent = options.agent ?? new transport.Agent({ keepAlive: true, maxSockets: 32, ...options.tls });
  return {
    async request<T>(request: Request): Promise<T> {
      const response = await send(transport, agent, base, request, await options.headers());
      return answerOf<T>(response);
    },
  };
}

interface ConnectionOptions {
  tls: https.AgentOptions;
  headers: () => Promise<http.OutgoingHttpHeaders>;
  agent?: http.Agent;
}

async function connectionOptions(access: Access): Promise<ConnectionOptions> {
  const { cluster, user } = access;
  if (user.exec || user["auth-provider"] || cluster["proxy-url"]) return delegatedOptions(access);
  const token = user.tokenFile ? () => readFileSync(user.tokenFile ?? "", "utf8").trim() : () => user.token;
  const basic = user.username
    ? Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")
    : "";
  return {
    tls: {
      ca: material(cluster["certificate-authority-data"], cluster["certificate-authority"]),
      cert: material(user["client-certificate-data"], user["client-certificate"]),
      key: material(user["client-key-data"], user["client-key"]),
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
      ...(cluster["tls-server-name"] ? { servername: cluster["tls-server-name"] } : {}),
    },
    headers: async () => {
      const bearer = token();
      if (bearer) return { authorization: `Bearer ${bearer}` };
      return basic ? { authorization: `Basic ${basic}` } : {};
    },
  };
}

/** Plugins for credentials and proxies are the client library's; it takes half a second to load, so only here. */
async function delegatedOptions(access: Access): Promise<ConnectionOptions> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(kubeconfigOf(access));
  const first: https.RequestOptions = {};
  await config.applyToHTTPSOptions(first);
  return {
    tls: {},
    agent: first.agent as http.Agent,
    headers: async () => {
      const current: https.RequestOptions = {};
      await config.applyToHTTPSOptions(current);
      return (current.headers ?? {}) as http.OutgoingHttpHeaders;
    },
  };
}

function material(data: string | undefined, file: string | undefined): Buffer | undefined {
  if (data) return Buffer.from(data, "base64");
  return file ? readFileSync(file) : undefined;
}

interface Answer {
  code: number;
  body: string;
}

function send(
  transport: typeof http | typeof https,
  agent: http.Agent,
  base: URL,
  request: Request,
  headers: http.OutgoingHttpHeaders,
): Promise<Answer> {
  const url = new URL(base.pathname.replace(/\/$/, "") + request.path, base);
  for (const [key, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(key, value);
  }
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  // Node sends the body of a DELETE without saying how long it is, unless told to.
  const content =
    body === undefined
      ? {}
      : {
          "content-type": request.contentType ?? "application/json",
          "content-length": Buffer.byteLength(body),
        };
  return new Promise((resolve, reject) => {
    const outgoing = transport.request(
      url,
      {
        agent,
        method: request.method,
        timeout: request.timeout ?? 60_000,
        headers: {
          accept: "application/json",
          "user-agent": "pulumi-kubernetes",
          ...content,
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          resolve({ code: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        });
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`${base.origin} did not answer in time`)));
    outgoing.on("error", (error) => reject(new Error(`${request.method} "${url.href}": ${reasonOf(error)}`)));
    outgoing.end(body);
  });
}

function reasonOf(error: Error & { code?: string }): string {
  return error.code === "ECONNREFUSED" ? "connection refused" : error.message;
}

function answerOf<T>({ code, body }: Answer): T {
  if (code >= 200 && code < 300) return JSON.parse(body) as T;
  const status = statusOf(body);
  const reason = status.reason ?? reasonByCode[code] ?? "";
  throw new ApiError(code, reason, status.message ?? `HTTP status ${code}`, status.details?.kind ?? "");
}

const reasonByCode: Record<number, string> = { 403: "Forbidden", 404: "NotFound", 409: "Conflict" };

interface Status {
  reason?: string;
  message?: string;
  details?: { kind?: string };
}

function statusOf(body: string): Status {
  try {
    return JSON.parse(body) as Status;
  } catch {
    return { message: body.trim() };
  }
}
