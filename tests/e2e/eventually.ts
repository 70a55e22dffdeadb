import { setTimeout as delay } from "node:timers/promises";

const limitMilliseconds = 180_000;

/** Asks until the answer satisfies, and returns it; fails with the last answer when it never does. */
export async function eventually<T>(ask: () => Promise<T>, satisfies: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + limitMilliseconds;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`never came true; the last answer was ${JSON.stringify(answer)}`);
    await delay(500);
  }
}
