/** What a provider resource may say about how it works; each can also come from the environment. */
export interface Settings {
  namespace: string;
  context: string;
  cluster: string;
  /** A path or the content; empty: what kubectl would read. */
  kubeconfig: string;
  serverSideApply: boolean;
  patchForce: boolean;
  upsertExistingObjects: boolean;
  secretMutable: boolean;
  configMapMutable: boolean;
  deleteUnreachable: boolean;
  skipUpdateUnreachable: boolean;
  helmDriver: string;
}

const prefix = "kubernetes:config:";

/** Settings this stand-in does not have: better refused than silently ignored. */
const unsupported = ["renderYamlToDirectory"];

/** Reads the settings from what the engine passes at Configure. Throws for a setting that is not supported. */
export function readSettings(variables: Map<string, string>, environment: NodeJS.ProcessEnv): Settings {
  const text = (key: string) => variables.get(prefix + key) ?? "";
  const flag = (key: string, variable: string, fallback = false) => {
    const value = variables.get(prefix + key) ?? environment[variable];
    return value === undefined ? fallback : value === "true";
  };
  const refused = unsupported.find((key) => text(key) !== "");
  if (refused) {
    throw new Error(`${refused} is not supported by the stand-in for the Kubernetes provider; unset it`);
  }
  return {
    namespace: text("namespace"),
    context: text("context"),
    cluster: text("cluster"),
    kubeconfig: text("kubeconfig"),
    serverSideApply: flag("enableServerSideApply", "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", true),
    patchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    secretMutable: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    configMapMutable: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
    helmDriver: helmDriver(text("helmReleaseSettings"), environment),
  };
}

function helmDriver(settings: string, environment: NodeJS.ProcessEnv): string {
  const { driver } = (settings === "" ? {} : JSON.parse(settings)) as { driver?: string };
  return driver ?? environment["PULUMI_K8S_HELM_DRIVER"] ?? "secret";
}
