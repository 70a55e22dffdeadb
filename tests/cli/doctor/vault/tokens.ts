import { randomBytes } from "node:crypto";

/** A login. */
export interface Session {
  readonly policies: readonly string[];
  /** Milliseconds since the epoch. */
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

  /** The login of a token; nothing where it was never issued, has ended or was revoked. */
  sessionOf(token: string): Session | undefined {
    const session = this.sessions.get(token);
    if (session && session.expires > this.now()) return session;
    this.sessions.delete(token);
    return undefined;
  }

  revoke(token: string): void {
    this.sessions.delete(token);
  }
}
