import { randomBytes } from "node:crypto";

interface Session {
  readonly policies: readonly string[];
  readonly expires: number;
}

/** The logins that are valid now; they end with the process. */
export class Tokens {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly now: () => number) {}

  issue(policies: readonly string[], ttlSeconds: number): string {
    const token = `hvs.${randomBytes(24).toString("base64url")}`;
    this.sessions.set(token, { policies, expires: this.now() + ttlSeconds * 1000 });
    return token;
  }

  /** The policies of a token; nothing where it was never issued, has ended or was revoked. */
  policiesOf(token: string): readonly string[] | undefined {
    const session = this.sessions.get(token);
    if (session && session.expires > this.now()) return session.policies;
    this.sessions.delete(token);
    return undefined;
  }

  revoke(token: string): void {
    this.sessions.delete(token);
  }
}
