/** Where a warning about the notification itself goes. */
type Warn = (message: string) => void;

const attempts = 3;

async function send(webhook: string, text: string, timeout: number): Promise<string | undefined> {
  try {
    const response = await fetch(webhook, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
      redirect: "error",
      signal: AbortSignal.timeout(timeout),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `HTTP ${response.status}`;
  } catch (error) {
    // The message of a failed fetch may contain the address, and the address is the secret.
    return (error as Error).name === "TimeoutError" ? "no answer in time" : "the connection failed";
  }
}

/** Slack reads these three as markup; a service name or reason must not ping a channel. */
function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/**
 * Tells a Slack channel what happened. A failure is a warning and nothing else: it changes no exit code and no
 * message ever contains the address.
 *
 * @param webhook omitted, nothing is sent.
 */
export async function notify(
  text: string,
  webhook: string | undefined = process.env["SLACK_WEBHOOK_URL"],
  warn: Warn = (message) => process.stderr.write(`${message}\n`),
  timeout = 5000,
): Promise<void> {
  if (!webhook) return;
  if (!URL.canParse(webhook)) return warn("Slack was not told: SLACK_WEBHOOK_URL is not a URL");
  let fault: string | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    fault = await send(webhook, escape(text), timeout);
    if (!fault) return;
    if (/^HTTP 4(?!29)/.test(fault)) break;
  }
  warn(`Slack was not told: ${fault}`);
}
