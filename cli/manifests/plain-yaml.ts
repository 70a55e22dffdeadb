import { CORE_SCHEMA, load } from "js-yaml";

/** Words that were booleans in YAML 1.1, where a value may stand. */
export const ambiguousWord = /(?:^|[\s,[{])(?:yes|no|on|off)(?=\s*(?:$|[,\]}#]))/im;

/**
 * What else two parsers could understand differently: anchors, aliases, tags, complex and merge keys, tabs, carriage
 * returns, byte order marks, directives, and numbers with a leading zero or an underscore.
 */
const unusual =
  /[\t\r\uFEFF]|^%|^\s*\?\s|(?:^|[\s,[{])(?:[&*!]\S|[-+]?0\w|[-+]0)|\d_\d|<<\s*:|^(?:---|\.\.\.).*\S/m;

/** A document and its first line, counted from 1. */
export interface PlainDocument {
  readonly value: unknown;
  readonly line: number;
}

function split(text: string): { text: string; line: number }[] {
  const documents: { text: string; line: number }[] = [];
  let line = 1;
  for (const part of text.split(/^---[^\S\n]*$/m)) {
    documents.push({ text: part, line: line + /^\s*/.exec(part)![0].split("\n").length - 1 });
    line += part.split("\n").length - 1;
  }
  return documents;
}

/**
 * The documents of an ordinary YAML text, several times as fast as the strict reader. Undefined for a text that is in
 * any way unusual or wrong: the strict reader then finds out why.
 */
export function readPlainYaml(text: string): PlainDocument[] | undefined {
  if (ambiguousWord.test(text) || unusual.test(text.replace(/^---[^\S\n]*$/gm, ""))) return undefined;
  try {
    return split(text).map(({ text, line }) => ({ value: load(text, { schema: CORE_SCHEMA }), line }));
  } catch {
    return undefined;
  }
}
