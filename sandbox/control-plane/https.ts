import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { SandboxLayout } from "../layout";
import { credentialFiles } from "./credentials";

/** Whether a server of the sandbox answers a GET on the loopback interface with status 200. */
export function answersOk(layout: SandboxLayout, port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const authority = readFileSync(credentialFiles(layout).authority);
    const call = request({ host: "127.0.0.1", port, path, ca: authority, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once("timeout", () => call.destroy());
    call.once("error", () => resolve(false));
    call.end();
  });
}
