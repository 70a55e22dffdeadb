const patterns = new Map<string, RegExp>();

/** Whether a name fits a pattern in which `*` stands for any characters. */
export function fitsGlob(pattern: string, name: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    const source = pattern.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    patterns.set(pattern, (compiled = new RegExp(`^${source.join(".*")}$`, "s")));
  }
  return compiled.test(name);
}
