import { readFile } from "node:fs/promises";
import { isAsset, isMap } from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { parseValues } from "./manifests";

/** The values of a chart: its value files in order, then the literal values, later ones winning. */
export async function mergeValues(files: Property[], values: PropertyMap): Promise<PropertyMap> {
  const layers = await Promise.all(files.map(async (file) => parseValues(await assetText(file))));
  return [...layers, (await withAssetTexts(values)) as PropertyMap].reduce(mergeMaps, {});
}

function mergeMaps(below: PropertyMap, above: PropertyMap): PropertyMap {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isMap(old) && isMap(value) ? mergeMaps(old, value) : value;
  }
  return merged;
}

/** A file asset among the values stands for its content. */
async function withAssetTexts(value: Property): Promise<Property> {
  if (Array.isArray(value)) return Promise.all(value.map(withAssetTexts));
  if (!isMap(value)) return value;
  if (isAsset(value)) return assetText(value);
  const texts = Object.entries(value).map(async ([key, item]): Promise<[string, Property]> => [
    key,
    await withAssetTexts(item),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}

async function assetText(asset: Property): Promise<string> {
  if (!isMap(asset)) throw new Error("valueYamlFiles takes assets: new pulumi.asset.FileAsset(path)");
  if (typeof asset["text"] === "string" && asset["text"] !== "") return asset["text"];
  if (typeof asset["path"] === "string" && asset["path"] !== "") return readFile(asset["path"], "utf8");
  throw new Error("only file and string assets are supported among chart values");
}
