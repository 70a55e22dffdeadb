import { fetchText, remembering } from "../charts";
import type { Check } from "../context";
import { applicationsCheck } from "./applications";
import { chartFloorCheck } from "./chart-floor";
import { chartSourceCheck } from "./chart-source";
import { clusterApisCheck } from "./cluster-apis";
import { clusterClockCheck } from "./cluster-clock";
import { clusterEnvironmentCheck } from "./cluster-environment";
import { clusterPermissionsCheck } from "./cluster-permissions";
import { clusterVersionCheck } from "./cluster-version";
import { controllersCheck } from "./controllers";
import { deletionsCheck } from "./deletions";
import { domainCheck } from "./domain";
import { gitRepositoryCheck } from "./git-repository";
import { kubeconfigCheck } from "./kubeconfig";
import { projectsCheck } from "./projects";
import { registrationsCheck } from "./registrations";
import { sealedSecretsCheck } from "./sealed-secrets";
import { secretStoresCheck } from "./secret-stores";
import { ssoCheck } from "./sso";
import { syncWindowsCheck } from "./sync-windows";
import { toolsCheck } from "./tools";
import { vaultCheck } from "./vault";

/** What must be true whether or not `up` has been run. */
const always: readonly Check[] = [
  kubeconfigCheck,
  clusterVersionCheck,
  clusterClockCheck,
  clusterEnvironmentCheck,
  deletionsCheck,
  vaultCheck,
  domainCheck(),
  ssoCheck,
];

/** What `up` needs before it writes its first object. */
export function checksBefore(): readonly Check[] {
  const readText = remembering(fetchText);
  return [
    toolsCheck,
    ...always,
    clusterPermissionsCheck,
    clusterApisCheck,
    chartSourceCheck(readText),
    chartFloorCheck(readText),
    gitRepositoryCheck,
    sealedSecretsCheck,
    syncWindowsCheck,
  ];
}

/** What must run once `up` has ended and Argo CD has delivered. */
export function checksAfter(): readonly Check[] {
  return [
    ...always,
    controllersCheck,
    registrationsCheck,
    projectsCheck,
    secretStoresCheck,
    applicationsCheck,
  ];
}
