import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;
interface Recorded {
  method: string;
  path: string;
  query: Record<string, string>;
  contentType: string;
  body: Json | undefined;
}

const resources: Record<string, Json[]> = {
  "/api/v1": [
    { name: "namespaces", kind: "Namespace", namespaced: false },
    { name: "configmaps", kind: "ConfigMap", namespaced: true },
    { name: "secrets", kind: "Secret", namespaced: true },
  ],
  "/apis/batch/v1": [{ name: "jobs", kind: "Job", namespaced: true }],
  "/apis/example.com/v1": [{ name: "things", kind: "Thing", namespaced: true }],
};

/** As much of the Kubernetes API as the plugin needs: discovery and objects kept in memory. */
export class ApiServer {
  readonly objects = new Map<string, Json>();
  readonly requests: Recorded[] = [];
  private server: Server | undefined;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ code, body }) => {
        response.writeHead(code, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  get kubeconfig(): string {
    const { port } = this.server?.address() as AddressInfo;
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "test", user: { token: "not-a-secret" } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    });
  }

  writes(): Recorded[] {
    return this.requests.filter(({ method }) => method !== "GET");
  }

  private async answer(request: IncomingMessage): Promise<{ code: number; body: Json }> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const recorded: Recorded = {
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      contentType: request.headers["content-type"] ?? "",
      body: text === "" ? undefined : (JSON.parse(text) as Json),
    };
    this.requests.push(recorded);
    return this.respond(recorded);
  }

  private respond({ method, path, query, body }: Recorded): { code: number; body: Json } {
    if (path === "/version") return { code: 200, body: { gitVersion: "v1.34.3" } };
    if (resources[path]) return { code: 200, body: { resources: resources[path] } };
    const dryRun = query["dryRun"] === "All";
    if (method === "POST") {
      const object = body as { metadata: Json };
      const key = `${path}/${String(object.metadata["name"])}`;
      if (this.objects.has(key)) return refusal(409, "AlreadyExists", `${key} already exists`);
      const created = { ...object, metadata: { ...object.metadata, uid: "uid-1", generation: 1 } };
      if (!dryRun) this.objects.set(key, created);
      return { code: 201, body: created };
    }
    const found = this.objects.get(path);
    if (!found) return refusal(404, "NotFound", `${path} not found`);
    if (method === "DELETE") this.objects.delete(path);
    if (method !== "PATCH" || Array.isArray(body)) return { code: 200, body: found };
    const updated = {
      ...found,
      ...body,
      metadata: { ...(found["metadata"] as Json), ...(body?.["metadata"] as Json) },
    };
    if (!dryRun) this.objects.set(path, updated);
    return { code: 200, body: updated };
  }
}

function refusal(code: number, reason: string, message: string): { code: number; body: Json } {
  return { code, body: { kind: "Status", status: "Failure", code, reason, message } };
}
