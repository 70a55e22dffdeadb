import { Octokit } from "@octokit/core";
import { CliError } from "./errors";

export interface PullRequestText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  /** Whether it was open already. */
  readonly reused: boolean;
}

export interface GitHubOptions {
  /** `owner/repository`. */
  readonly repository: string;
  readonly token: string;
  /** Omitted, https://api.github.com; GitHub Enterprise and tests have their own. */
  readonly apiUrl?: string | undefined;
}

/** A line that GitHub does not show. */
function hidden(marker: string): string {
  return `<!-- platform: ${marker} -->`;
}

/** The few requests that promotions make of GitHub. */
export class GitHub {
  private readonly octokit: Octokit;
  private readonly owner: string;
  private readonly repo: string;

  constructor(options: GitHubOptions) {
    const [owner = "", repo = ""] = options.repository.split("/");
    this.owner = owner;
    this.repo = repo;
    this.octokit = new Octokit({
      auth: options.token,
      ...(options.apiUrl ? { baseUrl: options.apiUrl } : {}),
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  }

  /** Opens a pull request for the branch, or brings the one that is open up to date. */
  async propose(branch: string, base: string, { labels, ...text }: PullRequestText): Promise<PullRequest> {
    const repository = { owner: this.owner, repo: this.repo };
    const { data: open } = await this.ask("list the pull requests", () =>
      this.octokit.request("GET /repos/{owner}/{repo}/pulls", {
        ...repository,
        head: `${this.owner}:${branch}`,
        base,
        state: "open",
      }),
    );
    const [existing] = open;
    if (existing) {
      if (existing.title !== text.title || existing.body !== text.body) {
        await this.ask("update the pull request", () =>
          this.octokit.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
            ...repository,
            pull_number: existing.number,
            ...text,
          }),
        );
      }
      return { number: existing.number, url: existing.html_url, reused: true };
    }
    const { data: created } = await this.ask("open a pull request", () =>
      this.octokit.request("POST /repos/{owner}/{repo}/pulls", {
        ...repository,
        head: branch,
        base,
        ...text,
      }),
    );
    await this.label(created.number, labels);
    return { number: created.number, url: created.html_url, reused: false };
  }

  /** A label helps to find things and nothing else, so that a refused one is no fault of the pull request. */
  private async label(pullRequest: number, labels: readonly string[]): Promise<void> {
    try {
      await this.ask("label the pull request", () =>
        this.octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
          owner: this.owner,
          repo: this.repo,
          issue_number: pullRequest,
          labels: [...labels],
        }),
      );
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`);
    }
  }

  /** How many reviews the rules of a branch demand before a merge; 0 where no rule says so. */
  async requiredReviews(branch: string): Promise<number> {
    const { data: rules } = await this.ask("read the rules of the branch", () =>
      this.octokit.request("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
        owner: this.owner,
        repo: this.repo,
        branch,
      }),
    );
    const counts = (rules as { type: string; parameters?: { required_approving_review_count?: number } }[])
      .filter(({ type }) => type === "pull_request")
      .map(({ parameters }) => parameters?.required_approving_review_count ?? 0);
    return Math.max(0, ...counts);
  }

  /** Writes the one comment of a pull request that carries the marker: updates it, or adds it where there is none. */
  async comment(pullRequest: number, marker: string, body: string): Promise<void> {
    const target = { owner: this.owner, repo: this.repo };
    const text = `${hidden(marker)}\n${body}`;
    for (let page = 1; ; page++) {
      const { data } = await this.ask("list the comments", () =>
        this.octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...target,
          issue_number: pullRequest,
          per_page: 100,
          page,
        }),
      );
      const own = data.find((comment) => comment.body?.startsWith(hidden(marker)));
      if (own) {
        await this.ask("update the comment", () =>
          this.octokit.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
            ...target,
            comment_id: own.id,
            body: text,
          }),
        );
        return;
      }
      if (data.length < 100) break;
    }
    await this.ask("add a comment", () =>
      this.octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...target,
        issue_number: pullRequest,
        body: text,
      }),
    );
  }

  /** Keeps one open issue per label: opens it, brings it up to date, or closes it where `body` is undefined. */
  async keepIssue(label: string, title: string, body: string | undefined): Promise<void> {
    const target = { owner: this.owner, repo: this.repo };
    const { data } = await this.ask("list the issues", () =>
      this.octokit.request("GET /repos/{owner}/{repo}/issues", { ...target, labels: label, state: "open" }),
    );
    const [open] = data;
    if (open) {
      await this.ask("update the issue", () =>
        this.octokit.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
          ...target,
          issue_number: open.number,
          ...(body === undefined ? { state: "closed" as const } : { title, body }),
        }),
      );
    } else if (body !== undefined) {
      await this.ask("open an issue", () =>
        this.octokit.request("POST /repos/{owner}/{repo}/issues", {
          ...target,
          title,
          body,
          labels: [label],
        }),
      );
    }
  }

  private async ask<T>(what: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      const { status, message } = error as { status?: number; message: string };
      throw new CliError(
        `GitHub did not ${what} of ${this.owner}/${this.repo}: ${status ? `HTTP ${status}, ` : ""}${message}`,
      );
    }
  }
}

/**
 * @param env where GITHUB_TOKEN and, in GitHub Actions, GITHUB_API_URL stand.
 * @throws CliError where a repository is set but no token.
 */
export function connectGitHub(repository: string, env: NodeJS.ProcessEnv = process.env): GitHub {
  const token = env["GITHUB_TOKEN"];
  if (!token)
    throw new CliError(
      `GITHUB_TOKEN is not set; pull requests of ${repository} need it (contents and pull requests: write)`,
    );
  return new GitHub({ repository, token, apiUrl: env["GITHUB_API_URL"] });
}
