import { createHmac } from "node:crypto";

/** A push, as the webhooks of Argo CD understand it: the event of the same name that GitHub sends. */
export interface Push {
  readonly repositoryUrl: string;
  readonly branch: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly files: readonly string[];
}

const noCommit = "0".repeat(40);

/** Body and headers of the request that tells Argo CD about a push, signed with the secret both sides know. */
export function pushEvent(push: Push, secret: string): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify({
    ref: `refs/heads/${push.branch}`,
    before: push.before ?? noCommit,
    after: push.after,
    commits: [{ id: push.after, added: [], removed: [], modified: push.files }],
    repository: { html_url: push.repositoryUrl, default_branch: push.branch },
  });
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  return {
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-hub-signature-256": `sha256=${signature}`,
    },
  };
}
