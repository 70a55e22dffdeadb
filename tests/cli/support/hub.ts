import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sendJson, TestServer } from "./server";

type Json = Record<string, unknown>;

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const result: Json = {
    ...(typeof target === "object" && target !== null && !Array.isArray(target) ? (target as Json) : {}),
  };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

export interface ApplicationFacts {
  readonly service: string;
  readonly environment: string;
  readonly cluster?: string;
  readonly images?: readonly string[];
  readonly sync?: string;
  readonly health?: string;
  readonly healthSince?: string;
  readonly revision?: string;
  readonly history?: readonly { revision: string; deployedAt: string }[];
  readonly rollout?: boolean;
  readonly conditions?: readonly { type: string; message: string }[];
}

/** An Application as the API server returns it. */
export function applicationObject(facts: ApplicationFacts): Json {
  const { service, environment, cluster = "main", images = [], sync = "Synced", health = "Healthy" } = facts;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: `${service}-${cluster}`,
      namespace: "argocd",
      labels: { service, environment, cluster },
    },
    spec: {
      project: "platform",
      destination: { server: "https://kubernetes.default.svc", namespace: `platform-${environment}` },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["ServerSideApply=true"] },
    },
    status: {
      sync: { status: sync, revision: facts.revision ?? "" },
      health: { status: health, lastTransitionTime: facts.healthSince ?? "2026-01-01T00:00:00Z" },
      summary: { images },
      history: facts.history ?? [],
      conditions: facts.conditions ?? [],
      resources: facts.rollout
        ? [{ kind: "Rollout", name: service, namespace: `platform-${environment}` }]
        : [],
    },
  };
}

/** The Kubernetes API of a hub, as far as the command speaks to it. */
export class Hub {
  readonly applications = new Map<string, Json>();
  syncWindows: Json[] = [];
  deployments: Json[] = [];
  rollouts = new Map<string, Json>();
  /** Plays Argo CD: called after every change of an Application. */
  react: (name: string, hub: Hub) => void = () => {};
  /** Status of every answer; anything but 200 is what a broken API server says. */
  status = 200;

  private constructor(private server: TestServer) {}

  static async start(): Promise<Hub> {
    const holder: { hub?: Hub } = {};
    const server = await TestServer.start(({ method, url, body }, response) => {
      const hub = holder.hub!;
      if (hub.status !== 200) return sendJson(response, hub.status, { message: "the server is broken" });
      const [status, answer] = hub.answer(method, url, body);
      sendJson(response, status, answer);
    });
    holder.hub = new Hub(server);
    return holder.hub;
  }

  private answer(method: string, url: URL, body: string): [number, unknown] {
    const [, plural, name] =
      /\/(applications|appprojects|deployments|rollouts)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    const missing: [number, unknown] = [404, { message: `${name} not found` }];
    if (plural === "deployments") return [200, { items: this.deployments }];
    if (plural === "appprojects") return [200, { spec: { syncWindows: this.syncWindows } }];
    if (plural === "rollouts") return this.rollouts.has(name!) ? [200, this.rollouts.get(name!)] : missing;
    if (plural !== "applications") return [404, { message: "no such path" }];
    if (!name) return [200, { items: this.select(url.searchParams.get("labelSelector") ?? "") }];
    const object = this.applications.get(name);
    if (!object) return missing;
    if (method === "PATCH") {
      this.applications.set(name, mergePatch(object, JSON.parse(body)) as Json);
      this.react(name, this);
    }
    return [200, this.applications.get(name)];
  }

  private select(selector: string): Json[] {
    const terms = selector
      .split(",")
      .filter(Boolean)
      .map((term) => term.split("="));
    return [...this.applications.values()].filter((object) => {
      const labels = (object["metadata"] as { labels: Record<string, string> }).labels;
      return terms.every(([key, value]) => (value === undefined ? key! in labels : labels[key!] === value));
    });
  }

  set(facts: ApplicationFacts): void {
    const object = applicationObject(facts);
    this.applications.set((object["metadata"] as { name: string }).name, object);
  }

  /** Changes one Application as Argo CD would, without reacting to it. */
  patch(name: string, patch: unknown): void {
    this.applications.set(name, mergePatch(this.applications.get(name), patch) as Json);
  }

  get requests() {
    return this.server.requests;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  get address(): string {
    return this.server.address;
  }
}

/** A kubeconfig with one context per hub, named after it. */
export function writeKubeconfig(folder: string, hubs: Record<string, Hub>): string {
  const names = Object.keys(hubs);
  const path = join(folder, "kubeconfig.json");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: names.map((name) => ({
      name,
      cluster: { server: hubs[name]!.address, "insecure-skip-tls-verify": true },
    })),
    users: [{ name: "user", user: {} }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: "user" } })),
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
