import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

const attempts = 10;
const pauseMilliseconds = 6_000;

// What an API server answers while a webhook's pods start or its certificate authority is being injected.
// The provider does not retry these: https://github.com/pulumi/pulumi-kubernetes/issues/3137
const webhookNotReady =
  /failed calling webhook|connection refused|x509|no endpoints available|context deadline exceeded/;

/** Whether an error says no more than that an admission webhook is not serving yet. */
export function isWebhookNotReady(errors: readonly string[]): boolean {
  return errors.some((error) => webhookNotReady.test(error));
}

/**
 * Tries again, for a minute at most, while the admission webhook of a freshly installed controller is not serving yet.
 * Any other error fails at once.
 */
export function admissionRetry(name: string): pulumi.ErrorHook {
  let left = attempts;
  return new pulumi.ErrorHook(`${name}-admission`, async ({ errors }) => {
    if (left-- === 0 || !isWebhookNotReady(errors)) return false;
    await delay(pauseMilliseconds);
    return true;
  });
}
