import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { type Answer, jsonOf, send } from "./https";

/** A tree as an API server returns it; every field is checked where it is read. */
export type Tree = { readonly [key: string]: unknown };

/** An answer of an API server that is neither the object nor "not found". */
export class ApiError extends Error {}

function messageOf(answer: Answer): string {
  const { message } = (jsonOf(answer) ?? {}) as { message?: unknown };
  return `answered HTTP ${answer.status}${typeof message === "string" ? `: ${message}` : ""}`;
}

/** The API server of one cluster, asked with the credentials of a kubeconfig's context. */
export class ClusterApi {
  constructor(private readonly kubeConfig: KubeConfig) {}

  /** @param context omitted, the kubeconfig's current-context. */
  static fromKubeconfig(text: string, context: string | undefined): ClusterApi {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(text);
    if (context !== undefined) kubeConfig.setCurrentContext(context);
    return new ClusterApi(kubeConfig);
  }

  /** @throws Error where the cluster cannot be reached or the credentials cannot be had. */
  async send(path: string, method = "GET", body?: unknown): Promise<Answer> {
    const options: RequestOptions = { method };
    await this.kubeConfig.applyToHTTPSOptions(options);
    const server = this.kubeConfig.getCurrentCluster()?.server.replace(/\/+$/, "");
    return send(`${server}${path}`, options, body);
  }

  /** An object or a list; nothing where the API server knows none of that name or kind. */
  async read(path: string): Promise<Tree | undefined> {
    const answer = await this.send(path);
    return answer.status === 404 ? undefined : treeOf(answer);
  }

  /** The items of a list; none where the kind is not served. */
  async list(path: string): Promise<readonly Tree[]> {
    const list = await this.read(path);
    return Array.isArray(list?.["items"]) ? (list["items"] as Tree[]) : [];
  }

  async create(path: string, body: object): Promise<Tree | undefined> {
    const answer = await this.send(path, "POST", body);
    return answer.status === 404 ? undefined : treeOf(answer);
  }

  /** Whether these credentials may do this; the API server itself is asked. */
  async isAllowed(action: ResourceAction): Promise<boolean> {
    const review = await this.create("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: action },
    });
    const { allowed } = (review?.["status"] ?? {}) as { allowed?: unknown };
    if (typeof allowed !== "boolean") throw new ApiError("did not answer an access review");
    return allowed;
  }
}

function treeOf(answer: Answer): Tree {
  if (answer.status < 200 || answer.status > 299) throw new ApiError(messageOf(answer));
  const body = jsonOf(answer);
  if (body === null || typeof body !== "object") throw new ApiError("answered with something else than JSON");
  return body as Tree;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/ */
export interface ResourceAction {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Omitted, all namespaces. */
  readonly namespace?: string;
}
