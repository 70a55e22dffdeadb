import type { VaultSettings } from "./settings";

/** Whether a policy's path covers a request's; `*` counts only at the end, as in Vault. */
function covers(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

/** What policies together allow with a path; `deny` alone where that is nothing. */
export function capabilitiesOf(
  policies: VaultSettings["policies"],
  names: readonly string[],
  path: string,
): string[] {
  const granted = names
    .flatMap((name) => Object.entries(policies[name] ?? {}))
    .filter(([pattern]) => covers(pattern, path))
    .flatMap(([, capabilities]) => capabilities);
  return granted.length > 0 ? [...new Set(granted)].sort() : ["deny"];
}
