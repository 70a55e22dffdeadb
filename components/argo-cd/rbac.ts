/** Groups of the identity provider per role; whoever is in none of them sees nothing. */
export interface Access {
  /** May do everything in Argo CD but open a shell in a pod. */
  readonly admins: readonly string[];
  /** May repair services: also delete single objects and change an Application. */
  readonly projectAdmins: readonly string[];
  /** May see and sync the services, read their logs and drive their rollouts. */
  readonly developers: readonly string[];
}

const adminResources = [
  "accounts",
  "applications",
  "applicationsets",
  "certificates",
  "clusters",
  "gpgkeys",
  "projects",
  "repositories",
];

/**
 * Argo CD's policy.csv, which says what administrators may; everybody else has a role of a project. Since version 3, `update` and `delete` no longer reach into an Application's objects and logs
 * must be granted by name: https://argo-cd.readthedocs.io/en/stable/operator-manual/upgrading/2.14-3.0/
 */
export function renderPolicyCsv(admins: Access["admins"]): string {
  return [
    ...adminResources.flatMap((resource) =>
      ["get", "create", "update", "delete"].map(
        (action) => `p, role:platform-admin, ${resource}, ${action}, *, allow`,
      ),
    ),
    "p, role:platform-admin, applications, sync, */*, allow",
    "p, role:platform-admin, applications, update/*, */*, allow",
    "p, role:platform-admin, applications, delete/*, */*, allow",
    "p, role:platform-admin, applications, action/*, */*, allow",
    "p, role:platform-admin, logs, get, */*, allow",
    ...admins.map((group) => `g, "${group}", role:platform-admin`),
  ].join("\n");
}
