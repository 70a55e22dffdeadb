import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, elements, text } from "../../policy-pack/fields";
import { bases, filesBelow, objectsBelow, root } from "./delivered";

const argoCd = join(root, "infrastructure/argocd");

/** A PromQL expression of an alert or a panel, and what it is called. */
export interface Expression {
  readonly name: string;
  readonly expression: string;
}

/** The expressions of every alert. */
export function alertExpressions(): Expression[] {
  return [...objectsBelow(join(argoCd, "monitoring")), ...objectsBelow(join(bases, "monitoring"))]
    .filter(({ kind }) => kind === "PrometheusRule")
    .flatMap((object) => elements(at(object, "spec", "groups"), ""))
    .flatMap(({ fields: group }) => elements(group["rules"], ""))
    .map(({ fields: rule }) => ({ name: text(rule["alert"]), expression: text(rule["expr"]) }));
}

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

/** The expressions of every panel. */
export function panelExpressions(): Expression[] {
  return filesBelow(join(argoCd, "dashboards"))
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as Dashboard)
    .flatMap(({ panels }) => panels)
    .flatMap(({ title, targets }) => targets.map(({ expr }) => ({ name: title, expression: expr })));
}

/** A metric of Argo CD or Argo Rollouts, with the labels that an expression asks of it. */
export interface Wanted {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What an expression asks of Argo CD and Argo Rollouts. */
export function wantedMetrics({ expression }: Expression): Wanted[] {
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names]) => names!.split(/,\s*/));
  return [...expression.matchAll(/\b((?:argocd|rollout|analysis)_[a-z_]+)(?:\{([^}]*)\})?/g)].map(
    ([, metric, selector = ""]) => ({
      metric: metric!,
      labels: [...grouped, ...[...selector.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label!)],
    }),
  );
}
