const shortestSecret = 6;

/** Every text in a tree of secrets, and every line of it that could be recognised alone. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value, ...value.split("\n").map((line) => line.trim())];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsIn);
}

/**
 * Replaces every secret of a stack in a text. Messages are written so that none is in them; this is for what another
 * program's error repeats. Shorter values than six characters are left, because they would blank out plain words.
 */
export function redactor(secrets: unknown): (text: string) => string {
  const texts = [...new Set(textsIn(secrets))]
    .filter((text) => text.length >= shortestSecret)
    .sort((left, right) => right.length - left.length);
  return (text) => texts.reduce((result, secret) => result.replaceAll(secret, "[secret]"), text);
}
