import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answer, type VaultAnswer, type VaultParts } from "./api";

function write(response: ServerResponse, { status, body }: VaultAnswer): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function parse(text: string): unknown {
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

/** A server that listens, and the port that it has taken. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
}

/** Serves a Vault for the unit tests over TLS on the loopback interface. */
export function listen(parts: VaultParts): Promise<Listening> {
  const { settings } = parts;
  const tls = { cert: readFileSync(settings.certificate), key: readFileSync(settings.privateKey) };
  const server = createServer(tls, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { pathname } = new URL(request.url ?? "/", "https://127.0.0.1");
      const handle = async () => {
        if (!pathname.startsWith("/v1/")) return { status: 404, body: { errors: [] } };
        return answer(
          {
            method: request.method ?? "GET",
            path: decodeURIComponent(pathname.slice("/v1/".length)),
            token: String(request.headers["x-vault-token"] ?? ""),
            body: parse(Buffer.concat(chunks).toString("utf8")),
          },
          parts,
        );
      };
      handle().then(
        (result) => write(response, result),
        () => write(response, { status: 400, body: { errors: ["failed to parse JSON input"] } }),
      );
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, "127.0.0.1", () =>
      resolve({ server, port: (server.address() as AddressInfo).port }),
    );
  });
}
