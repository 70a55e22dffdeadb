import { createSign } from "node:crypto";
import { z } from "zod";
import type { SecretsInput } from "../../config/schema";
import { jsonOf, send } from "./https";

type GithubApp = Extract<NonNullable<SecretsInput["git"]>, { githubApp: unknown }>["githubApp"];

const tokenSchema = z.object({ token: z.string().min(1) });
const publicApi = "https://api.github.com";

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** What an App proves itself with: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app */
export function appToken({ id, privateKey }: GithubApp, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  // A minute earlier, because clocks differ.
  const claims = encode({ iss: id, iat: seconds - 60, exp: seconds + 480 });
  const text = `${encode({ alg: "RS256", typ: "JWT" })}.${claims}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}

/**
 * A token of the App's installation, as Argo CD asks for it.
 *
 * @throws Error that says what GitHub answered, without a word of the key.
 */
export async function installationToken(app: GithubApp, now: Date): Promise<string> {
  const base = app.enterpriseBaseUrl ?? publicApi;
  const headers = {
    authorization: `Bearer ${appToken(app, now)}`,
    accept: "application/vnd.github+json",
    "user-agent": "gitops-platform",
  };
  const url = `${base}/app/installations/${app.installationId}/access_tokens`;
  const answer = await send(url, { method: "POST", headers }, {});
  const { data } = tokenSchema.safeParse(jsonOf(answer));
  if (answer.status !== 201 || !data)
    throw new Error(`the App gets no token: ${base} answered HTTP ${answer.status}`);
  return data.token;
}
