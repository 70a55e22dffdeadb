import { randomInt } from "node:crypto";

const sets = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
};

/** Which characters a text may and must have. */
export interface Recipe {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  /** Instead of the usual special characters; empty: the usual ones. */
  overrideSpecial: string;
}

/** What is wrong with a recipe, as `key: reason`; undefined when a text can be made by it. */
export function recipeProblem(recipe: Recipe): { property: string; reason: string } | undefined {
  const minimum = recipe.minLower + recipe.minUpper + recipe.minNumeric + recipe.minSpecial;
  if (recipe.length < 1)
    return { property: "length", reason: `length must be at least 1, got ${recipe.length}` };
  if (recipe.length < minimum) {
    return {
      property: "length",
      reason: `length must be at least ${minimum}, the sum of minLower, minUpper, minNumeric and minSpecial, got ${recipe.length}`,
    };
  }
  if (alphabet(recipe) === "") {
    return { property: "lower", reason: "one of lower, upper, numeric and special must be true" };
  }
  return undefined;
}

/** A random text by a recipe, from the system's source of secure randomness. */
export function randomText(recipe: Recipe): string {
  const special = recipe.overrideSpecial || sets.special;
  const required = [
    pick(sets.numeric, recipe.minNumeric),
    pick(sets.lower, recipe.minLower),
    pick(sets.upper, recipe.minUpper),
    pick(special, recipe.minSpecial),
  ].flat();
  return shuffled([...required, ...pick(alphabet(recipe), recipe.length - required.length)]).join("");
}

function alphabet(recipe: Recipe): string {
  return [
    recipe.upper ? sets.upper : "",
    recipe.lower ? sets.lower : "",
    recipe.numeric ? sets.numeric : "",
    recipe.special ? recipe.overrideSpecial || sets.special : "",
  ].join("");
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

export function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}
