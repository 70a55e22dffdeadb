import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, visit } from "yaml";
import { z } from "zod";
import { environments, type Environment } from "../config/environment";
import { durationMinutes, loopbackHost } from "../config/formats";
import { CliError } from "./errors";
import { withoutCredentials } from "./git";

export const settingsPath = "infrastructure/promotion.yaml";

/** An address the command itself reads; plain http only on this machine. */
const address = z.string().superRefine((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url)
    context.addIssue({
      code: "custom",
      message: "is not a URL; write it like https://prometheus.example.com",
    });
  else if (url.username || url.password) {
    context.addIssue({ code: "custom", message: "carries credentials; set PROMETHEUS_TOKEN instead" });
  } else if (url.protocol !== "https:" && !(url.protocol === "http:" && loopbackHost.test(url.hostname))) {
    context.addIssue({ code: "custom", message: "must use https://" });
  }
});

const duration = z
  .string()
  .regex(/^(\d+h)?(\d+m)?$/, "is not a duration; write it like 30m or 1h30m")
  .transform(durationMinutes);

/** A PromQL expression that yields exactly one number; `{{service}}` and `{{environment}}` are filled in. */
const query = z.string().min(1);

const metrics = z.strictObject({
  /** Prometheus, or anything that speaks its HTTP API. A bearer token comes from PROMETHEUS_TOKEN. */
  address,
  /** Requests per second; answers whether there was enough traffic to judge by. */
  traffic: z.strictObject({ query, minimum: z.number().positive("must be above 0, or no traffic passes") }),
  /**
   * Failed requests divided by all requests. Write the numerator as `(... or vector(0))`: a service without errors
   * has no error series.
   */
  errorRatio: z.strictObject({
    query,
    maximum: z
      .number()
      .gt(0, "must be above 0 and at most 0.5: it is a ratio")
      .max(0.5, "must be above 0 and at most 0.5: it is a ratio, not per cent"),
  }),
  /** Seconds, usually a quantile. */
  latency: z
    .strictObject({ query, maximum: z.number().gt(0).max(60, "is in seconds, not milliseconds") })
    .optional(),
  /** A sample older than this says nothing about now. */
  maximumAge: z.number().int().positive().default(120),
  /** Seconds to wait for each answer. */
  timeout: z.number().int().min(1).max(60).default(10),
});

const gates = z.strictObject({
  /** How long the source must have run exactly this image, healthy, before it may go on: `30m`, `24h`. Omitted, not at all. */
  soak: duration.default(0),
  /** Figures of the source environment. */
  metrics: metrics.optional(),
  /** An address of the source that must answer 200 with JSON whose `status` is the expected word. */
  endpoint: z
    .strictObject({ url: z.string().min(1), status: z.string().min(1).default("healthy") })
    .optional(),
  image: z
    .strictObject({
      /** The image must be pinned by digest. */
      digest: z.boolean().default(false),
      /** The registry must hold a cosign signature of the digest. Its trust is checked at admission, not here. */
      signature: z.boolean().default(false),
      /** The registry must still hold the image, and its tag must still name the digest. */
      registry: z.boolean().default(false),
    })
    .prefault({}),
  /** The result, rendered, must violate no mandatory policy rule. */
  policy: z.boolean().default(true),
  /** Automated sync must be allowed now by the windows of the target's AppProject. */
  syncWindow: z.boolean().default(true),
  /** How many people must approve: by review of the pull request, or named by --approved-by. */
  approvals: z.int().min(0).max(5).default(0),
});

const environment = z.strictObject({
  /** Where this environment's Argo CD and clusters are read. */
  clusters: z.strictObject({
    /** Path of a kubeconfig; omitted, KUBECONFIG or ~/.kube/config. */
    kubeconfig: z.string().min(1).optional(),
    /** Context of the hub, where Argo CD runs. */
    hub: z.string().min(1),
    namespace: z.string().min(1).default("argocd"),
    /** Context per registered cluster, to read the step of a Rollout there; a cluster without one shows no step. */
    contexts: z.record(z.string(), z.string().min(1)).default({}),
  }),
  /** What must be true before a change may enter this environment. */
  gates: gates.prefault({}),
});

/** https://git-scm.com/docs/git-check-ref-format, and never anything that could be read as an option. */
const refName = z
  .string()
  .regex(
    /^(?!.*(\.\.|\/\/|@\{|\.lock$|[./]$))[A-Za-z0-9_][\w./+@-]*$/,
    "is not a name that git takes; write it like main",
  );

const settingsSchema = z.strictObject({
  git: z
    .strictObject({
      remote: refName.default("origin"),
      branch: refName.default("main"),
    })
    .prefault({}),
  /** `owner/repository`; omitted, promotions are pushed to the branch itself instead of proposed as pull requests. */
  github: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, "is not owner/repository")
    .optional(),
  /** Where people compare two versions of a service; `{{service}}`, `{{old}}` and `{{new}}` are filled in. */
  compare: z.string().startsWith("https://", "must use https://").optional(),
  environments: z.record(z.enum(environments), environment),
});

export type Settings = z.output<typeof settingsSchema>;
export type EnvironmentSettings = Settings["environments"][Environment];
export type Gates = EnvironmentSettings["gates"];
export type MetricsSettings = NonNullable<Gates["metrics"]>;

function describe(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${[path, key].filter(Boolean).join(".")}: is not a key of this file; remove it`,
    );
  }
  return [`${path}: ${issue.message}${found(issue.input)}`];
}

/** What stands there now. */
function found(input: unknown): string {
  if (!["string", "number", "boolean"].includes(typeof input)) return "";
  const text = typeof input === "string" ? JSON.stringify(input) : String(input);
  return `; found ${withoutCredentials(text)}`;
}

/**
 * @param text the content of `infrastructure/promotion.yaml`.
 * @throws CliError that lists everything wrong with it.
 */
export function parseSettings(text: string): Settings {
  const document = parseDocument(text, { version: "1.2", uniqueKeys: true });
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw new CliError(`${settingsPath}: ${error.message.split("\n")[0]}`);
  visit(document, {
    Alias: () => {
      throw new CliError(`${settingsPath}: uses a YAML alias; write the value out`);
    },
  });
  const parsed = settingsSchema.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap(describe);
  throw new CliError(
    [`${settingsPath} has ${problems.length} problem(s):`, ...problems.map((line) => `  ${line}`)].join("\n"),
  );
}

export function loadSettings(root: string): Settings {
  let text: string;
  try {
    text = readFileSync(join(root, settingsPath), "utf8");
  } catch {
    throw new CliError(
      `${settingsPath} cannot be read; it says where each environment runs and what its gates are`,
    );
  }
  return parseSettings(text);
}

/** Fills the named places of a query or address; an unknown name is left as it stands. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}
