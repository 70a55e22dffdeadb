import { existsSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../../../config/environment";
import type { Rendered } from "../build";
import type { Finding } from "../finding";

/** A version travels dev, staging, production: a service that skips one could never be promoted. */
export function promotionOrder(builds: readonly Rendered[]): Finding[] {
  const promoted = builds.filter(({ directory }) => existsSync(join(directory, "image.yaml")));
  const has = (environment: string, service: string): boolean =>
    builds.some((build) => build.environment === environment && build.service === service);
  return promoted.flatMap(({ path, service, environment }) =>
    environments
      .slice(0, environments.indexOf(environment))
      .filter((earlier) => !has(earlier, service))
      .map((earlier) => ({
        file: path,
        object: "",
        rule: "promotion-order",
        level: "mandatory" as const,
        message: `has no overlay in ${earlier}, where its versions must run first; add infrastructure/k8s/overlays/${earlier}/${service}`,
      })),
  );
}
