import { genSaltSync, hashSync } from "bcryptjs";
import { text } from "../kubernetes/objects/object";
import { secret, unknown, without } from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { randomText } from "./characters";
import type { Recipe } from "./characters";

export function recipeFrom(inputs: PropertyMap): Recipe {
  const flag = (key: string) => inputs[key] !== false;
  const count = (key: string) => (typeof inputs[key] === "number" ? inputs[key] : 0);
  return {
    length: count("length"),
    lower: flag("lower"),
    upper: flag("upper"),
    // `number` is the old name of `numeric`.
    numeric: flag("numeric") && flag("number"),
    special: flag("special"),
    minLower: count("minLower"),
    minUpper: count("minUpper"),
    minNumeric: count("minNumeric"),
    minSpecial: count("minSpecial"),
    overrideSpecial: text(inputs["overrideSpecial"]),
  };
}

function described(recipe: Recipe, inputs: PropertyMap): PropertyMap {
  return { ...without({ ...recipe }, "overrideSpecial"), number: recipe.numeric, ...inputs };
}

/** `RandomString`: its result is no secret, and its id. */
export function makeString(inputs: PropertyMap, given?: string): { id: string; state: PropertyMap } {
  const recipe = recipeFrom(inputs);
  const result = given ?? randomText(recipe);
  return {
    id: result,
    state: { ...described(recipe, inputs), result, id: result, __meta: '{"schema_version":"2"}' },
  };
}

/** `RandomPassword`: result and hash are secret, so the id says nothing. */
export function makePassword(inputs: PropertyMap, given?: string): { id: string; state: PropertyMap } {
  const recipe = recipeFrom(inputs);
  const result = given ?? randomText(recipe);
  const state = {
    ...described(recipe, inputs),
    result: secret(result),
    bcryptHash: secret(bcrypt(result)),
    id: "none",
    __meta: '{"schema_version":"3"}',
  };
  return { id: "none", state };
}

/** What a preview can say of a text. */
export function plannedText(inputs: PropertyMap, outputs: readonly string[]): PropertyMap {
  const open = outputs.map((key): [string, Property] => [key, unknown]);
  return { ...described(recipeFrom(inputs), inputs), ...Object.fromEntries(open) };
}

/** bcrypt takes no more than 72 bytes into account; `2a` is the mark that the official provider writes. */
function bcrypt(value: string): string {
  const taken = Buffer.from(value).subarray(0, 72).toString("utf8");
  return hashSync(taken, genSaltSync(10).replace("$2b$", "$2a$"));
}
