import { answersOk } from "../control-plane/https";
import { credentialFiles } from "../control-plane/credentials";
import type { SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";

/** Vault's server. It keeps everything in memory, so that each `up` says anew what it must know. */
export function vault(layout: SandboxLayout, tools: ToolPaths): ProcessSpec {
  const port = layout.ports.vault;
  const { certificate, privateKey } = credentialFiles(layout).server;
  return {
    name: "vault",
    command: tools.vault,
    args: [
      `-address=127.0.0.1:${port}`,
      `-certificate=${certificate}`,
      `-key=${privateKey}`,
      `-root-token=${layout.vaultToken}`,
    ],
    ports: [port],
    ready: () => answersOk(layout, port, "/v1/sys/health"),
  };
}
