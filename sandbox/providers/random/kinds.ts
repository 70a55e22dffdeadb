import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { text } from "../kubernetes/objects/object";
import { secret, unknown, without } from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { recipeProblem, shuffled } from "./characters";
import { makePassword, makeString, plannedText, recipeFrom } from "./text";

interface Made {
  id: string;
  state: PropertyMap;
}

/** One kind of random resource. A change of any input makes a new one. */
interface Kind {
  problem?(inputs: PropertyMap): { property: string; reason: string } | undefined;
  make(inputs: PropertyMap): Made;
  /** The state of a value that was made elsewhere, for an import. */
  adopt?(value: string): Made & { inputs: PropertyMap };
  plan(inputs: PropertyMap): PropertyMap;
}

const textProblem = (inputs: PropertyMap) => recipeProblem(recipeFrom(inputs));

const password: Kind = {
  problem: textProblem,
  make: (inputs) => makePassword(inputs),
  adopt: (value) => ({ ...makePassword({ length: value.length }, value), inputs: { length: value.length } }),
  plan: (inputs) => plannedText(inputs, ["result", "bcryptHash", "id"]),
};

const string: Kind = {
  problem: textProblem,
  make: (inputs) => makeString(inputs),
  adopt: (value) => ({ ...makeString({ length: value.length }, value), inputs: { length: value.length } }),
  plan: (inputs) => plannedText(inputs, ["result", "id"]),
};

const uuid: Kind = {
  make: (inputs) => uuidMade(inputs, randomUUID()),
  adopt: (value) => ({ ...uuidMade({}, value), inputs: {} }),
  plan: (inputs) => ({ ...inputs, result: unknown, id: unknown }),
};

function uuidMade(inputs: PropertyMap, result: string): Made {
  return { id: result, state: { ...inputs, result, id: result } };
}

const id: Kind = {
  make: (inputs) => idMade(inputs, randomBytes(Number(inputs["byteLength"]))),
  plan: (inputs) => planned(inputs, ["b64Std", "b64Url", "dec", "hex", "id"]),
};

function idMade(inputs: PropertyMap, bytes: Buffer): Made {
  const prefix = text(inputs["prefix"]);
  const value = bytes.toString("base64url");
  const state = {
    ...inputs,
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + value,
    dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
    hex: prefix + bytes.toString("hex"),
    id: value,
  };
  return { id: value, state };
}

const bytes: Kind = {
  make: (inputs) => {
    const value = randomBytes(Number(inputs["length"]));
    const base64 = value.toString("base64");
    return { id: base64, state: { ...inputs, base64: secret(base64), hex: secret(value.toString("hex")) } };
  },
  plan: (inputs) => planned(inputs, ["base64", "hex"]),
};

const integer: Kind = {
  problem: ({ min, max, seed }) => {
    if (seed) return { property: "seed", reason: "a seed is not supported by the stand-in; leave it out" };
    return Number(min) <= Number(max) ? undefined : { property: "min", reason: "min must not be above max" };
  },
  make: (inputs) => {
    const result = randomInt(Number(inputs["min"]), Number(inputs["max"]) + 1);
    return { id: String(result), state: { ...inputs, result, id: String(result) } };
  },
  plan: (inputs) => planned(inputs, ["result", "id"]),
};

const shuffle: Kind = {
  problem: ({ seed }) =>
    seed ? { property: "seed", reason: "a seed is not supported by the stand-in; leave it out" } : undefined,
  make: (inputs) => {
    const items = inputs["inputs"] as Property[];
    const count = typeof inputs["resultCount"] === "number" ? inputs["resultCount"] : items.length;
    return { id: "-", state: { ...inputs, results: shuffled(items).slice(0, count), id: "-" } };
  },
  plan: (inputs) => planned(inputs, ["results", "id"]),
};

function planned(inputs: PropertyMap, outputs: string[]): PropertyMap {
  return { ...inputs, ...Object.fromEntries(outputs.map((key) => [key, unknown])) };
}

const kinds: Record<string, Kind> = {
  "random:index/randomPassword:RandomPassword": password,
  "random:index/randomString:RandomString": string,
  "random:index/randomUuid:RandomUuid": uuid,
  "random:index/randomUuid4:RandomUuid4": uuid,
  "random:index/randomId:RandomId": id,
  "random:index/randomBytes:RandomBytes": bytes,
  "random:index/randomInteger:RandomInteger": integer,
  "random:index/randomShuffle:RandomShuffle": shuffle,
};

/** The kind behind a resource type. Throws for one that this stand-in does not make. */
export function kindOf(type: string): Kind {
  const kind = kinds[type];
  if (!kind) throw new Error(`the stand-in for the random provider has no ${type}`);
  return kind;
}

/** The inputs without what is not set. */
export function givenInputs(inputs: PropertyMap): PropertyMap {
  return without(inputs, "__defaults", ...Object.keys(inputs).filter((key) => inputs[key] === null));
}
