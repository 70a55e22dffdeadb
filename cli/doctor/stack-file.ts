import { readYaml } from "../manifests/yaml";
import { CliError } from "../errors";

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isEncrypted(value: unknown): boolean {
  return isTree(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";
}

/** The paths of the leaves of a value that fulfil a condition. */
function leaves(value: unknown, path: string, wanted: "plain" | "encrypted"): string[] {
  if (isEncrypted(value)) return wanted === "encrypted" ? [path] : [];
  if (Array.isArray(value))
    return value.flatMap((entry, index) => leaves(entry, `${path}[${index}]`, wanted));
  if (isTree(value))
    return Object.entries(value).flatMap(([key, entry]) => leaves(entry, `${path}.${key}`, wanted));
  return wanted === "plain" && value !== null && value !== undefined ? [path] : [];
}

/** What a committed stack file says, before anything is decrypted. */
export interface StackFile {
  /** Values by key without the project's name. */
  readonly values: Tree;
  /** Paths of the values that only the stack's secrets provider can read. */
  readonly encrypted: readonly string[];
  /** Paths below `secrets` that stand in plain text. */
  readonly plainSecrets: readonly string[];
}

/**
 * @param text the content of Pulumi.<environment>.yaml.
 * @param file its name, for messages.
 * @throws CliError where it is not strict YAML or has no `config`.
 */
export function readStackFile(text: string, file: string, project: string): StackFile {
  const { documents, problems } = readYaml(text, file);
  if (problems.length > 0) {
    const lines = problems.map(({ line, message }) => `${file}${line ? `:${line}` : ""}: ${message}`);
    throw new CliError(lines.join("\n"));
  }
  const root = documents.length === 1 ? documents[0]!.value : undefined;
  const config = isTree(root) ? root["config"] : undefined;
  if (!isTree(config)) {
    throw new CliError(`${file}: config: is missing; start from the committed ${file}`);
  }
  const prefix = `${project}:`;
  const values = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
  return {
    values,
    encrypted: Object.entries(values).flatMap(([key, value]) => leaves(value, key, "encrypted")),
    plainSecrets: leaves(values["secrets"], "secrets", "plain"),
  };
}

/** Values as `pulumi config --show-secrets --json` states them, by key without the project's name. */
export function readDecrypted(json: string, project: string): Tree {
  const prefix = `${project}:`;
  // The parser's own message would repeat a part of the text, which is secret.
  const entries = parseValue(json) as Record<string, { value?: string; objectValue?: unknown }>;
  if (!isTree(entries)) throw new CliError("pulumi config did not answer with JSON");
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { value, objectValue }]) => [
        key.slice(prefix.length),
        objectValue ?? parseValue(value ?? ""),
      ]),
  );
}

/** Pulumi stores a structure that is secret as a whole as JSON text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
