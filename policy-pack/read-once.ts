// eslint-disable-next-line @typescript-eslint/no-require-imports -- needs the SDK's own exports object
import deserialize = require("@pulumi/policy/deserialize");

type Deserialize = (struct: object, keepSecrets: boolean) => Record<string, unknown>;

/**
 * Makes the SDK read the properties of a resource once instead of once per policy: with a policy per check, reading
 * the custom resource definitions of the charts over and over would take longer than judging them.
 */
export function readPropertiesOnce(): void {
  const sdk = deserialize as unknown as { deserializeProperties: Deserialize };
  const read = sdk.deserializeProperties;
  const known = new WeakMap<object, Record<string, unknown>>();
  sdk.deserializeProperties = (struct, keepSecrets) => {
    // Remediation changes what it reads.
    if (keepSecrets) return read(struct, keepSecrets);
    let properties = known.get(struct);
    if (!properties) known.set(struct, (properties = read(struct, keepSecrets)));
    return properties;
  };
}
