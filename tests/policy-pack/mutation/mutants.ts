import ts from "typescript";

/** A rule's source with one guard removed. */
export interface Mutant {
  /** Line and what was done there. */
  readonly name: string;
  readonly source: string;
}

function replaced(source: string, node: ts.Node, file: ts.SourceFile, text: string): string {
  return source.slice(0, node.getStart(file)) + text + source.slice(node.getEnd());
}

/**
 * Every way to weaken or blind a guard of a source: a finding that is no longer yielded, and a condition that no longer
 * decides (always true, always false).
 */
export function mutants(fileName: string, source: string): Mutant[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.ES2022, true);
  const result: Mutant[] = [];
  const add = (node: ts.Node, what: string, text: string): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    result.push({ name: `line ${line}: ${what}`, source: replaced(source, node, file, text) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isYieldExpression(node)) add(node, "the finding is not reported", "void 0");
    if (ts.isIfStatement(node)) {
      add(node.expression, `"${node.expression.getText(file)}" is always true`, "true");
      add(node.expression, `"${node.expression.getText(file)}" is always false`, "false");
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return result;
}
