/**
 * A schema in short: only what decides whether a field is known, required and of the right type.
 *
 * - a word: `s` text, `b` boolean, `i` integer, `n` number, `q` text or number, `x` anything, `o` any object
 * - `{ $: name }` the schema of that name
 * - `{ a: node }` a list, `{ m: node }` a map from names to node
 * - `{ e: values }` one of these texts
 * - `{ p: fields, r?: required, u?: true }` an object with these fields; with `u`, unknown fields are kept
 */
export type SchemaNode =
  | "s"
  | "b"
  | "i"
  | "n"
  | "q"
  | "x"
  | "o"
  | { readonly $: string }
  | { readonly a: SchemaNode }
  | { readonly m: SchemaNode }
  | { readonly e: readonly string[] }
  | {
      readonly p: Readonly<Record<string, SchemaNode>>;
      readonly r?: readonly string[];
      readonly u?: true;
    };
