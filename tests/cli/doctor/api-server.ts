import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Cluster } from "../../../cli/doctor/context";
import { clusterOf } from "./context";
import { type Authority, newAuthority } from "../../../sandbox/control-plane/certificates";

type Json = Record<string, unknown>;

let authority: Promise<Authority> | undefined;

/** One authority for all servers of a test run; making keys is slow. */
export function testAuthority(): Promise<Authority> {
  authority ??= newAuthority("test");
  return authority;
}

export interface Review {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

/** A Kubernetes API server over TLS, as far as doctor, recover and the stand-ins speak to it. */
export class ApiServer {
  /** Objects by path; a list is made of what lies below its path. */
  readonly objects = new Map<string, Json>();
  readonly requests: { method: string; path: string; body: Json | undefined }[] = [];
  gitVersion: unknown = "v1.34.3";
  date: () => string | undefined = () => new Date().toUTCString();
  allows: (review: Review) => boolean = () => true;
  /** Status of every answer; anything but 200 is what a broken server says. */
  status = 200;
  served = ["apps/v1"];
  private readonly tokens = new Map<string, Json>();

  private constructor(
    private readonly server: Server,
    private readonly ca: string,
  ) {}

  static async start(): Promise<ApiServer> {
    const { certificate, sign } = await testAuthority();
    const pair = await sign({ commonName: "api", server: true });
    const holder: { api?: ApiServer } = {};
    const server = createServer({ cert: pair.certificate, key: pair.privateKey }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const api = holder.api!;
        const text = Buffer.concat(chunks).toString("utf8");
        const body = text === "" ? undefined : (JSON.parse(text) as Json);
        const path = new URL(request.url!, "https://x").pathname;
        api.requests.push({ method: request.method!, path, body });
        const [status, answer] =
          api.status === 200 ? api.answer(request.method!, path, body) : [api.status, { message: "broken" }];
        const date = api.date();
        response.sendDate = false;
        if (date !== undefined) response.setHeader("date", date);
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    holder.api = new ApiServer(server, certificate);
    return holder.api;
  }

  get address(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  kubeconfig(user: Json = {}): string {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      clusters: [
        {
          name: "test",
          cluster: {
            server: this.address,
            "certificate-authority-data": Buffer.from(this.ca).toString("base64"),
          },
        },
      ],
      users: [{ name: "test", user }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    });
  }

  cluster(name: string, role: Cluster["role"] = "hub"): Cluster {
    return clusterOf(this.kubeconfig(), name, role);
  }

  /** Puts an object where the API server would keep it. */
  put(path: string, object: Json): void {
    this.objects.set(path, object);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(method: string, path: string, body: Json | undefined): [number, unknown] {
    if (path === "/version") return [200, { gitVersion: this.gitVersion }];
    if (path === "/apis") {
      return [200, { groups: this.served.map((groupVersion) => ({ versions: [{ groupVersion }] })) }];
    }
    if (path.endsWith("selfsubjectaccessreviews")) {
      const { resourceAttributes } = body!["spec"] as { resourceAttributes: Review };
      return [201, { status: { allowed: this.allows(resourceAttributes) } }];
    }
    if (path.endsWith("tokenreviews"))
      return [201, this.review(body!["spec"] as { token: string; audiences: string[] })];
    const account = /^(.*)\/token$/.exec(path)?.[1];
    if (account) return this.requestToken(account, body!["spec"] as { audiences: string[] });
    if (method === "PUT" || method === "POST") {
      const { name } = body!["metadata"] as { name: string };
      this.objects.set(method === "POST" ? `${path}/${name}` : path.replace(/\/status$/, ""), body!);
      return [200, body];
    }
    if (method === "DELETE") return this.objects.delete(path) ? [200, {}] : [404, {}];
    const object = this.objects.get(path);
    if (object) return [200, object];
    const inside = [...this.objects].filter(([key]) => this.isListed(path, key)).map(([, value]) => value);
    return inside.length > 0 ? [200, { items: inside }] : [404, { message: "not found" }];
  }

  /** A list of one namespace, or of all. */
  private isListed(list: string, key: string): boolean {
    const folder = key.slice(0, key.lastIndexOf("/"));
    return folder === list || folder.replace(/\/namespaces\/[^/]+\//, "/") === list;
  }

  private requestToken(account: string, { audiences }: { audiences: string[] }): [number, unknown] {
    if (!this.objects.has(account)) return [404, { message: "not found" }];
    const [, namespace, name] = /namespaces\/([^/]+)\/serviceaccounts\/([^/]+)/.exec(account)!;
    const uid = `uid-of-${name}`;
    const claims = {
      aud: audiences,
      "kubernetes.io": { namespace, serviceaccount: { name, uid } },
      jti: this.tokens.size,
    };
    const token = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
    this.tokens.set(token, { username: `system:serviceaccount:${namespace}:${name}`, uid, audiences });
    return [201, { status: { token } }];
  }

  private review({ token, audiences }: { token: string; audiences: string[] }): Json {
    const user = this.tokens.get(token);
    const shared = audiences.filter((audience) =>
      (user?.["audiences"] as string[] | undefined)?.includes(audience),
    );
    return { status: user && shared.length > 0 ? { authenticated: true, user, audiences: shared } : {} };
  }
}
