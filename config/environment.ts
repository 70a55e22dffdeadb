/** The environments in the order in which a change travels. */
export const environments = ["dev", "staging", "production"] as const;

/**
 * The one identity of an environment: stack name, label of its clusters, overlay folder, suffix of the service
 * namespace and of the Vault role.
 */
export type Environment = (typeof environments)[number];

export function isEnvironment(name: string): name is Environment {
  return (environments as readonly string[]).includes(name);
}

/** The environment whose name is nearest to a mistyped one. */
export function nearestEnvironment(name: string): Environment {
  const wanted = name.toLowerCase();
  return (
    environments.find((environment) => environment.startsWith(wanted.slice(0, 3)) && wanted !== "") ?? "dev"
  );
}
