import { apiVersionOf } from "../objects/object";
import type { Kind, KubernetesObject } from "../objects/object";
import { nameOf, namespaceOf, kindOf } from "../objects/object";
import { ApiError } from "./client";
import type { ApiClient } from "./client";

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** The API server does not know the kind: its CustomResourceDefinition is missing or not yet served. */
export class UnknownKind extends Error {
  constructor(kind: Kind) {
    super(`no matches for kind "${kind.kind}" in version "${apiVersionOf(kind)}"`);
  }
}

/** Which kinds the API server serves and where; asked once per group and version. */
export class Discovery {
  private readonly groups = new Map<string, Promise<ApiResource[]>>();

  constructor(private readonly api: ApiClient) {}

  /** Forgets everything, so that kinds that have appeared since are found. */
  reset(): void {
    this.groups.clear();
  }

  async exists(kind: Kind): Promise<boolean> {
    return (await this.find(kind)) !== undefined;
  }

  async namespaced(kind: Kind): Promise<boolean | undefined> {
    return (await this.find(kind))?.namespaced;
  }

  /** The path of an object, or of its collection when `name` is empty. Throws UnknownKind. */
  async path(kind: Kind, namespace: string, name: string): Promise<string> {
    let resource = await this.find(kind);
    if (!resource) {
      this.reset();
      resource = await this.find(kind);
    }
    if (!resource) throw new UnknownKind(kind);
    const scope = resource.namespaced ? `/namespaces/${namespace || "default"}` : "";
    return `${groupPath(kind)}${scope}/${resource.name}${name === "" ? "" : `/${name}`}`;
  }

  pathOf(object: KubernetesObject): Promise<string> {
    return this.path(kindOf(object), namespaceOf(object), nameOf(object));
  }

  private async find(kind: Kind): Promise<ApiResource | undefined> {
    const resources = await this.resources(groupPath(kind));
    return resources.find((resource) => resource.kind === kind.kind && !resource.name.includes("/"));
  }

  private resources(path: string): Promise<ApiResource[]> {
    const known = this.groups.get(path);
    if (known) return known;
    const asked = this.api.request<{ resources: ApiResource[] }>({ method: "GET", path }).then(
      ({ resources }) => resources,
      (error: unknown) => {
        this.groups.delete(path);
        if (error instanceof ApiError && error.code === 404) return [];
        throw error;
      },
    );
    this.groups.set(path, asked);
    return asked;
  }
}

function groupPath(kind: Omit<Kind, "kind">): string {
  return kind.group === "" ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;
}

/** What a chart may ask of the cluster while it is rendered: `.Capabilities`. */
export interface Capabilities {
  kubeVersion: string;
  /** `group/version` and `group/version/Kind` of everything served. */
  apiVersions: string[];
}

export async function capabilities(api: ApiClient): Promise<Capabilities> {
  const get = <T>(path: string) => api.request<T>({ method: "GET", path });
  const [version, core, groups] = await Promise.all([
    get<{ gitVersion: string }>("/version"),
    get<{ versions: string[] }>("/api"),
    get<{ groups: { versions: { groupVersion: string }[] }[] }>("/apis"),
  ]);
  const served = [
    ...core.versions,
    ...groups.groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion)),
  ];
  const lists = await Promise.all(
    served.map(async (groupVersion) => {
      const path = groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
      // A group whose own server is down is left out, as Helm leaves it out.
      const list = await get<{ resources: ApiResource[] }>(path).catch(() => ({ resources: [] }));
      return list.resources.map(({ kind }) => `${groupVersion}/${kind}`);
    }),
  );
  return { kubeVersion: version.gitVersion, apiVersions: [...new Set([...served, ...lists.flat()])] };
}
