import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Splits what a CGI program prints into status, headers and the start of the body; nothing while headers are open. */
export function parseCgiHead(
  output: Buffer,
): { status: number; headers: Record<string, string>; body: Buffer } | undefined {
  const end = output.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of output.subarray(0, end).toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers, body: output.subarray(end + 4) };
}

/** Answers one request of a git client with git's own `http-backend`. */
export function serveGit(
  repository: string,
  pathInRepository: string,
  query: string,
  user: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: repository,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathInRepository,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      CONTENT_LENGTH: request.headers["content-length"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
      GIT_PROTOCOL: request.headers["git-protocol"]?.toString(),
      REMOTE_USER: user,
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const fail = () => {
    if (!response.headersSent) response.writeHead(500);
    response.end();
  };
  let head = Buffer.alloc(0);
  backend.once("error", fail);
  backend.stdout.on("data", (chunk: Buffer) => {
    if (response.headersSent) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const parsed = parseCgiHead(head);
    if (!parsed) return;
    response.writeHead(parsed.status, parsed.headers);
    response.write(parsed.body);
  });
  backend.stdout.once("end", () => (response.headersSent ? response.end() : fail()));
  // A backend that has answered already closes its input; the rest of the request is of no use to it.
  backend.stdin.on("error", () => request.resume());
  request.pipe(backend.stdin);
}
