import { z } from "zod";
import type { ClusterApi, Tree } from "../../cli/doctor/cluster-api";
import { jsonOf, send } from "../../cli/doctor/https";

const metadataSchema = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  generation: z.number().default(1),
});

const storeSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    provider: z.looseObject({
      vault: z.looseObject({
        server: z.string(),
        path: z.string(),
        version: z.literal("v2"),
        caBundle: z.string().optional(),
        auth: z.looseObject({
          kubernetes: z.looseObject({
            mountPath: z.string(),
            role: z.string(),
            serviceAccountRef: z.looseObject({
              name: z.string(),
              audiences: z.array(z.string()).default([]),
            }),
          }),
        }),
      }),
    }),
  }),
});

const externalSecretSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    refreshInterval: z.string().default("1h"),
    secretStoreRef: z.looseObject({
      name: z.string(),
      kind: z.literal("SecretStore").default("SecretStore"),
    }),
    target: z
      .looseObject({ name: z.string().optional(), creationPolicy: z.literal("Owner").default("Owner") })
      .prefault({}),
    data: z
      .array(
        z.strictObject({
          secretKey: z.string(),
          remoteRef: z.looseObject({ key: z.string(), property: z.string().optional() }),
        }),
      )
      .default([]),
    dataFrom: z.array(z.strictObject({ extract: z.looseObject({ key: z.string() }) })).default([]),
  }),
});

export type Store = z.output<typeof storeSchema>;
export type ExternalSecret = z.output<typeof externalSecretSchema>;

/** @throws ZodError for what this stand-in does not do, so that it never claims to have done it. */
export function readStore(object: Tree): Store {
  return storeSchema.parse(object);
}

/** @throws ZodError for what this stand-in does not do, so that it never claims to have done it. */
export function readExternalSecret(object: Tree): ExternalSecret {
  return externalSecretSchema.parse(object);
}

/** A login to Vault in the name of a store. */
export interface VaultSession {
  readonly token: string;
  readonly read: (key: string) => Promise<Readonly<Record<string, unknown>>>;
}

interface LoginAnswer {
  readonly auth?: { readonly client_token?: string };
  readonly errors?: readonly string[];
}

/** Logs in as the real controller does: with a token that the API server makes for the store's own ServiceAccount. */
export async function openStore(api: ClusterApi, store: Store): Promise<VaultSession> {
  const { server, path, caBundle, auth } = store.spec.provider.vault;
  const { mountPath, role, serviceAccountRef } = auth.kubernetes;
  const ca = caBundle === undefined ? {} : { ca: Buffer.from(caBundle, "base64").toString("utf8") };

  const account = `/api/v1/namespaces/${store.metadata.namespace}/serviceaccounts/${serviceAccountRef.name}`;
  const request = await api.create(`${account}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: serviceAccountRef.audiences, expirationSeconds: 600 },
  });
  const { token: jwt } = (request?.["status"] ?? {}) as { token?: string };
  if (!jwt) throw new Error(`there is no ServiceAccount ${serviceAccountRef.name}`);

  const answer = await send(`${server}/v1/auth/${mountPath}/login`, { method: "POST", ...ca }, { role, jwt });
  const { auth: granted, errors = [] } = (jsonOf(answer) ?? {}) as LoginAnswer;
  if (!granted?.client_token) throw new Error(`unable to log in to Vault: ${errors.join("; ")}`);
  const token = granted.client_token;
  return {
    token,
    read: async (key) => {
      const headers = { "x-vault-token": token };
      const found = await send(`${server}/v1/${path}/data/${key}`, { method: "GET", headers, ...ca });
      const { data } = (jsonOf(found) ?? {}) as { data?: { data?: Record<string, unknown> } };
      if (found.status !== 200 || !data?.data) throw new Error(`cannot read ${key}: HTTP ${found.status}`);
      return data.data;
    },
  };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The content of the Secret that an ExternalSecret asks for. */
export async function fetchData(
  { spec }: ExternalSecret,
  { read }: Pick<VaultSession, "read">,
): Promise<Record<string, string>> {
  const data: Record<string, string> = {};
  for (const { extract } of spec.dataFrom) {
    for (const [name, value] of Object.entries(await read(extract.key))) data[name] = asText(value);
  }
  for (const { secretKey, remoteRef } of spec.data) {
    const values = await read(remoteRef.key);
    const { property } = remoteRef;
    if (property !== undefined && !(property in values)) {
      throw new Error(`${remoteRef.key} has no property ${property}`);
    }
    data[secretKey] = asText(property === undefined ? values : values[property]);
  }
  return data;
}
