import { sendJson, TestServer } from "./server";

export interface StoredPullRequest {
  number: number;
  title: string;
  body: string;
  head: string;
  base: string;
  state: "open" | "closed";
  labels: string[];
}

export interface StoredIssue {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  labels: string[];
}

/** The GitHub API, as far as the command and the workflows speak to it, for one repository. */
export class FakeGitHub {
  readonly pulls: StoredPullRequest[] = [];
  readonly issues: StoredIssue[] = [];
  readonly comments: { id: number; issue: number; body: string }[] = [];
  rules: unknown[] = [];
  /** Status of every answer; anything but 200 refuses. */
  status = 200;
  /** Status of every answer about labels. */
  labelStatus = 200;

  private constructor(readonly server: TestServer) {}

  static async start(): Promise<FakeGitHub> {
    const holder: { fake?: FakeGitHub } = {};
    const server = await TestServer.start(({ method, url, body }, response) => {
      const fake = holder.fake!;
      if (fake.status !== 200) return sendJson(response, fake.status, { message: "Resource not accessible" });
      const [status, answer] = fake.answer(
        method,
        url,
        body ? (JSON.parse(body) as Record<string, string>) : {},
      );
      sendJson(response, status, answer);
    });
    holder.fake = new FakeGitHub(server);
    return holder.fake;
  }

  private answer(method: string, url: URL, body: Record<string, unknown>): [number, unknown] {
    const path = url.pathname.replace(/^\/repos\/organization\/platform/, "");
    const route = `${method} ${path.replace(/\d+/, "N")}`;
    const number = Number(/\d+/.exec(path)?.[0]);
    switch (route) {
      case "GET /pulls":
        return [200, this.openPulls(url).map((pull) => this.show(pull))];
      case "POST /pulls": {
        const pull = {
          ...(body as unknown as StoredPullRequest),
          number: this.pulls.length + 1,
          state: "open" as const,
          labels: [],
        };
        this.pulls.push(pull);
        return [201, this.show(pull)];
      }
      case "PATCH /pulls/N":
        return [
          200,
          this.show(
            Object.assign(
              this.pulls.find((pull) => pull.number === number)!,
              body,
            ),
          ),
        ];
      case "POST /issues/N/labels": {
        if (this.labelStatus !== 200) return [this.labelStatus, { message: "Resource not accessible" }];
        const labels = body["labels"] as string[];
        this.pulls.find((pull) => pull.number === number)!.labels.push(...labels);
        return [200, labels];
      }
      case "GET /rules/branches/main":
        return [200, this.rules];
      case "GET /issues/N/comments":
        return [200, this.comments.filter(({ issue }) => issue === number)];
      case "POST /issues/N/comments": {
        const comment = { id: this.comments.length + 1, issue: number, body: String(body["body"]) };
        this.comments.push(comment);
        return [201, comment];
      }
      case "PATCH /issues/comments/N":
        return [
          200,
          Object.assign(
            this.comments.find(({ id }) => id === number)!,
            body,
          ),
        ];
      case "GET /issues":
        return [
          200,
          this.issues.filter(
            ({ state, labels }) => state === "open" && labels.includes(url.searchParams.get("labels") ?? ""),
          ),
        ];
      case "POST /issues": {
        const issue = {
          ...(body as unknown as StoredIssue),
          number: this.issues.length + 1,
          state: "open" as const,
        };
        this.issues.push(issue);
        return [201, issue];
      }
      case "PATCH /issues/N":
        return [
          200,
          Object.assign(
            this.issues.find((issue) => issue.number === number)!,
            body,
          ),
        ];
      default:
        return [404, { message: `no route ${route}` }];
    }
  }

  private openPulls(url: URL): StoredPullRequest[] {
    const head = url.searchParams.get("head")?.replace(/^organization:/, "");
    const base = url.searchParams.get("base");
    return this.pulls.filter((pull) => pull.state === "open" && pull.head === head && pull.base === base);
  }

  private show(pull: StoredPullRequest) {
    return { ...pull, html_url: `https://github.example.com/organization/platform/pull/${pull.number}` };
  }

  /** What a process needs to speak to it. */
  get env(): Record<string, string> {
    return { GITHUB_TOKEN: "token-of-a-test", GITHUB_API_URL: this.server.address };
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
