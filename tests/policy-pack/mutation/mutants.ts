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

const logical = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken]);

/** The words of a finding decide nothing. */
function isWording(node: ts.Node, file: ts.SourceFile): boolean {
  const isNamed = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node);
  return isNamed && /^(problem|fix)$/.test(node.name.getText(file));
}

/**
 * Every way to weaken or blind a guard of a source: a finding that is no longer yielded, a condition that no longer
 * decides (always true, always false), and a part of a condition that is left out.
 */
export function mutants(fileName: string, source: string): Mutant[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.ES2022, true);
  const result: Mutant[] = [];
  const add = (node: ts.Node, what: string, text: string): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    result.push({ name: `line ${line}: ${what}`, source: replaced(source, node, file, text) });
  };
  const visit = (node: ts.Node): void => {
    if (isWording(node, file)) return;
    if (ts.isYieldExpression(node)) add(node, "the finding is not reported", "void 0");
    if (ts.isIfStatement(node)) {
      add(node.expression, `"${node.expression.getText(file)}" is always true`, "true");
      add(node.expression, `"${node.expression.getText(file)}" is always false`, "false");
    }
    if (ts.isBinaryExpression(node) && logical.has(node.operatorToken.kind)) {
      for (const part of [node.left, node.right]) {
        add(node, `of "${node.getText(file)}" only "${part.getText(file)}" counts`, part.getText(file));
      }
    }
    if (ts.isConditionalExpression(node)) {
      for (const branch of [node.whenTrue, node.whenFalse]) {
        add(node, `"${node.condition.getText(file)}" no longer chooses`, branch.getText(file));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return result;
}
