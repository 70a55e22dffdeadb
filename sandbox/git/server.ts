import { timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createServer, request as httpsRequest } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { serveGit } from "./http-backend";
import { pushEvent } from "./push-event";
import { branch, changedFiles, followWorkTree, servedHead } from "./repository";
import { type GitServerSettings, gitUser, repositoryUrl } from "./settings";

const lookMilliseconds = 1000;

function isAuthorized(header: string | undefined, password: string): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${gitUser}:${password}`).toString("base64")}`);
  const given = Buffer.from(header ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function serve(settings: GitServerSettings): void {
  const password = readFileSync(settings.passwordFile, "utf8");
  const path = new URL(repositoryUrl(settings.port)).pathname;
  const tls = { cert: readFileSync(settings.certificate), key: readFileSync(settings.privateKey) };
  const server = createServer(tls, (request, response) => {
    if (!isAuthorized(request.headers.authorization, password)) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="sandbox"' }).end();
      return;
    }
    const url = new URL(request.url ?? "/", "https://127.0.0.1");
    const inside = /^(?:\.git)?(\/.*)$/.exec(
      url.pathname.startsWith(path) ? url.pathname.slice(path.length) : "",
    )?.[1];
    if (inside === undefined) response.writeHead(404).end();
    else serveGit(settings.repository, inside, url.search.slice(1), gitUser, request, response);
  });
  server.listen(settings.port, "127.0.0.1");
}

function post(
  scheme: "https" | "http",
  port: number,
  body: string,
  headers: Record<string, string>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, path: "/api/webhook", method: "POST", headers, timeout: 5000 };
    // argocd-server makes its own certificate. The message holds no secret and its signature proves the sender.
    const call =
      scheme === "https" ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
    call.once("response", (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 300);
    });
    call.once("timeout", () => call.destroy());
    call.once("error", () => resolve(false));
    call.end(body);
  });
}

/** Tells one process of Argo CD of what is new since it was last told. Returns the commit that it knows now. */
async function announce(
  settings: GitServerSettings,
  port: number,
  before: string | undefined,
  after: string,
) {
  const files = await changedFiles(settings.repository, before, after);
  const { body, headers } = pushEvent(
    { repositoryUrl: repositoryUrl(settings.port), branch, before, after, files },
    readFileSync(settings.webhookSecretFile, "utf8"),
  );
  // The stack decides whether argocd-server ends TLS itself.
  const delivered = (await post("https", port, body, headers)) || (await post("http", port, body, headers));
  return delivered ? after : before;
}

/** Moves the branch along with the work tree and tells Argo CD of every new commit, however it arrived. */
async function watch(settings: GitServerSettings): Promise<never> {
  const first = await servedHead(settings.repository);
  const told = new Map(settings.webhookPorts.map((port) => [port, first]));
  let diverged = false;
  for (;;) {
    try {
      const result = await followWorkTree(settings.repository, settings.workTree);
      if (result === "diverged" && !diverged)
        console.error("the work tree and the served branch have diverged");
      diverged = result === "diverged";
      const head = await servedHead(settings.repository);
      for (const [port, known] of told) {
        if (head && head !== known) told.set(port, await announce(settings, port, known, head));
      }
    } catch (error) {
      console.error((error as Error).message);
    }
    await delay(lookMilliseconds);
  }
}

const settings = JSON.parse(process.argv[2] ?? "") as GitServerSettings;
serve(settings);
void watch(settings);
