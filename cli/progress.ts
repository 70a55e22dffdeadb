/** Whatever is over sooner needs no words. */
const patience = 2000;

type Say = (line: string) => void;

/** Progress goes to stderr, so that nothing which reads stdout is disturbed. */
const toStderr: Say = (line) => void process.stderr.write(`... ${line}\n`);

/** Says what is being done once it has taken two seconds. */
export async function showProgress<T>(what: string, work: Promise<T>, say = toStderr): Promise<T> {
  const timer = setTimeout(() => say(what), patience);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** Says what is still missing: after two seconds, whenever it is something else, and every half minute. */
export class WaitingLine {
  private readonly start = Date.now();
  private last = { text: "", at: Number.NEGATIVE_INFINITY };

  constructor(private readonly say = toStderr) {}

  show(missing: string): void {
    const now = Date.now();
    const elapsed = now - this.start;
    if (elapsed < patience) return;
    if (missing === this.last.text && now - this.last.at < 30_000) return;
    this.last = { text: missing, at: now };
    this.say(`${Math.round(elapsed / 1000)} s: ${missing}`);
  }
}
