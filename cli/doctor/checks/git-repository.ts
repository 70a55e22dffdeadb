import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type ExecaError } from "execa";
import type { ResolvedConfig } from "../../../config/clusters";
import type { SecretsInput } from "../../../config/schema";
import type { Check } from "../context";
import { failed, type Finding, invalid, ok, reasonOf } from "../finding";
import { installationToken } from "../github-app";

type Credentials = NonNullable<SecretsInput["git"]>;

const timeout = 30_000;

/** What Argo CD will open the repository with: its own credentials, else those of the longest address that fits. */
export function credentialsFor({ git, secrets }: ResolvedConfig): Credentials | undefined {
  if (secrets.git) return secrets.git;
  const [template] = git.credentialTemplates
    .filter(({ url }) => git.url.startsWith(url))
    .sort((left, right) => right.url.length - left.url.length);
  return template && secrets.credentialTemplates[template.name];
}

/** Settings of git as its environment, where no other user can read them, unlike in its arguments. */
export function gitSettings(settings: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(settings);
  return Object.fromEntries([
    ["GIT_CONFIG_COUNT", String(entries.length)],
    ...entries.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]) as Record<string, string>;
}

function basic(username: string, password: string): string {
  return `Authorization: Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** The environment in which git has these credentials, and no others of this machine's user. */
async function environmentOf(
  { git }: ResolvedConfig,
  credentials: Credentials | undefined,
  folder: string,
  now: Date,
): Promise<Record<string, string>> {
  const write = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 });
    return path;
  };
  const settings: Record<string, string> = { "credential.helper": "" };
  if (git.caCertificate !== undefined) settings["http.sslCAInfo"] = await write("ca.pem", git.caCertificate);
  if (credentials && "sshPrivateKey" in credentials) {
    const key = await write("key", credentials.sshPrivateKey);
    const hosts = await write("known_hosts", git.sshKnownHosts ?? "");
    const known = `${hosts} ${join(homedir(), ".ssh", "known_hosts")}`;
    settings["core.sshCommand"] = [
      `ssh -i "${key}" -o IdentitiesOnly=yes -o BatchMode=yes`,
      `-o StrictHostKeyChecking=yes -o UserKnownHostsFile="${known}"`,
    ].join(" ");
  } else if (credentials) {
    settings["http.extraHeader"] =
      "githubApp" in credentials
        ? basic("x-access-token", await installationToken(credentials.githubApp, now))
        : basic(credentials.username, credentials.password);
  }
  return { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", ...gitSettings(settings) };
}

/** @param listed what `git ls-remote` names for the revision. */
export function judgeRevision(revision: string, listed: string): Finding {
  // A commit is no reference; whether it exists, only a clone would tell.
  if (/^[0-9a-f]{40}$/.test(revision)) return ok("git.url", "opens with the stack's credentials");
  const names = listed.split("\n").map((line) => line.split("\t")[1]);
  const found = [`refs/heads/${revision}`, `refs/tags/${revision}`].some((name) => names.includes(name));
  return found
    ? ok("git.url", `opens with the stack's credentials and has ${revision}`)
    : failed("git.revision", `"${revision}" is no branch or tag of the repository`, "correct `git.revision`");
}

/** Opens the repository with what Argo CD will open it with; otherwise `up` succeeds and nothing is ever delivered. */
export const gitRepositoryCheck: Check = {
  name: "git-repository",
  run: async ({ config, now }) => {
    const { url, revision } = config.git;
    const credentials = credentialsFor(config);
    const folder = await mkdtemp(join(tmpdir(), "gitops-platform-"));
    try {
      const env = await environmentOf(config, credentials, folder, now());
      const args = ["ls-remote", "--heads", "--tags", "--", url, revision];
      const { stdout } = await execa("git", args, { env, timeout, cwd: folder });
      return [judgeRevision(revision, stdout)];
    } catch (error) {
      const { stderr, timedOut } = error as ExecaError;
      const said = String(stderr ?? "")
        .trim()
        .split("\n")
        .at(-1);
      const reason = timedOut ? `no answer within ${timeout / 1000} s` : said || reasonOf(error);
      const key = credentials ? "`secrets.git`" : "`git.url`, or set `secrets.git` if it is not public";
      return [invalid("git.url", `${url} cannot be read: ${reason}`, `correct ${key}`)];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
