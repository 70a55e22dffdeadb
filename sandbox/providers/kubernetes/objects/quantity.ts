import type { Property } from "../../protocol/properties";

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?\d+))?$/;
const decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const nano = 1_000_000_000n;

/**
 * A quantity as the API server writes it: `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`.
 * What is not a quantity stays as it is. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function normalizeQuantity(value: Property): Property {
  if (typeof value !== "string" && typeof value !== "number") return value;
  const parts = pattern.exec(String(value).trim());
  if (!parts) return value;
  const [, sign, whole = "", fraction = "", suffix = "", exponent] = parts;
  if (whole === "" && fraction === "") return value;
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return "0";

  const isBinary = suffix.endsWith("i");
  const scale = isBinary ? 1024n ** BigInt(binary.indexOf(suffix)) : 1n;
  const power =
    (isBinary ? 0 : (decimal.indexOf(suffix) - 3) * 3) + Number(exponent ?? 0) + 9 - fraction.length;
  const nanos = times10(digits * scale, power);
  const canonical =
    isBinary && nanos % nano === 0n && nanos / nano >= 1024n
      ? asBinary(nanos / nano)
      : asDecimal(nanos, exponent !== undefined);
  return (sign === "-" ? "-" : "") + canonical;
}

/** Fractions of a billionth are rounded up. */
function times10(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (value + divisor - 1n) / divisor;
}

function asBinary(value: bigint): string {
  let [rest, step] = [value, 0];
  while (rest % 1024n === 0n && step < binary.length - 1) [rest, step] = [rest / 1024n, step + 1];
  return `${rest}${binary[step]}`;
}

function asDecimal(nanos: bigint, exponential: boolean): string {
  let [rest, step] = [nanos, 0];
  while (rest % 1000n === 0n && step < decimal.length - 1) [rest, step] = [rest / 1000n, step + 1];
  const power = (step - 3) * 3;
  return exponential && power !== 0 ? `${rest}e${power}` : `${rest}${decimal[step]}`;
}
