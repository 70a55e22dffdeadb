import { join, resolve } from "node:path";
import { z } from "zod";
import { environments, nearestEnvironment } from "../config/environment";
import { SandboxError } from "./errors";
import { portCount } from "./layout";

/** What a user says through variables of `make`. */
const schema = z.object({
  STACK: z.enum(environments, {
    error: ({ input }) =>
      `"${String(input)}" is not a stack (${environments.join(", ")}); did you mean "${nearestEnvironment(String(input))}"?`,
  }),
  CONTEXT: z.string(),
  SANDBOX_DIR: z
    .string()
    .max(80, "is longer than 80 characters, too long for the sockets in it; choose a shorter path"),
  SANDBOX_PORT: z
    .string()
    .regex(/^\d+$/, "is not a number")
    .transform(Number)
    .refine(
      (port) => port >= 1024 && port + portCount <= 65536,
      `must lie between 1024 and ${65536 - portCount}, since ${portCount} ports from it on are used`,
    ),
  SANDBOX_SOURCES: z.enum(["auto", "stand-in"], "is neither auto nor stand-in"),
});

const defaults = { STACK: "dev", CONTEXT: "", SANDBOX_PORT: "16440", SANDBOX_SOURCES: "auto" };

export type Variables = z.output<typeof schema>;

/** The root of the work tree. */
export const workTree = resolve(__dirname, "..");

/**
 * Reads the variables, empty ones as omitted.
 *
 * @throws SandboxError naming every variable that is wrong.
 */
export function readVariables(environment: NodeJS.ProcessEnv): Variables {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const parsed = schema.safeParse({ ...defaults, SANDBOX_DIR: join(workTree, ".sandbox"), ...given });
  if (!parsed.success) {
    throw new SandboxError(
      parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"),
      "Set the variable as `make help` shows it.",
    );
  }
  return { ...parsed.data, SANDBOX_DIR: resolve(parsed.data.SANDBOX_DIR) };
}
