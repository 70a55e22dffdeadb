import { listen } from "./listen";
import { readVaultSettings } from "./settings";
import { tokenReviewer } from "./token-review";
import { Tokens } from "./tokens";

// The stand-in for Vault, as a process of its own: server.ts <settings file>.
const settings = readVaultSettings(process.argv[2] ?? "");
void listen({
  settings,
  tokens: new Tokens(Date.now),
  reviewer: tokenReviewer,
  now: () => new Date(),
}).then(({ port }) => console.log(`stand-in for Vault on 127.0.0.1:${port}`));
