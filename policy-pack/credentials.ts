/** What gives a credential away by its form. https://github.com/gitleaks/gitleaks lists where each form comes from. */
const forms: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["a private key", /-{3,5}\s?BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?\s?-{3,5}/],
  ["an AWS access key", /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b/],
  ["a GitLab token", /\bgl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{20,}/],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ["a Slack webhook", /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/]{20,}/],
  ["a Google API key", /\bAIza[A-Za-z0-9_-]{35}\b/],
  ["a Vault token", /\bhv[sbr]\.[A-Za-z0-9_-]{20,}/],
  ["a Stripe key", /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}/],
  ["an API key of a language model", /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a Pulumi token", /\bpul-[a-f0-9]{40}\b/],
  ["a SendGrid key", /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/],
  ["a JSON web token", /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ["an authorization header", /^\s*(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}\s*$/i],
  ["a password in a URL", /[a-z][a-z0-9+.-]*:\/\/[^\s:/@{}$]*:[^\s/@{}$]+@[^\s/]/i],
];

/** What kind of credential a text contains; undefined when none is known. Never the credential itself. */
export function credentialIn(value: string): string | undefined {
  return forms.find(([, pattern]) => pattern.test(value))?.[0];
}

const sensitiveWords =
  /(^|[^a-z])(passwd|passwords?|passphrase|secret|secrets|token|credentials?|(api|access|private|encryption|signing|auth|account)[_.-]?key|pwd)([^a-z]|$)|^(aws|azure|gcp|google|oci)_([a-z]+_)*key(_content)?$/i;

/** Last words of a name that only speaks about a secret: where it is, how long it lives, what it is called. */
const aboutWords =
  /(file|path|dir|name|names|ref|url|uri|host|endpoint|issuer|audience|ttl|expiry|expiration|expires|duration|timeout|interval|seconds|minutes|days|length|policy|type|algorithm|enabled|disabled|required|count|limit|size|version|id|key_id|pattern|prefix|suffix|mount|store|class|namespace|namespaces|label|labels|annotation|selector|format|provider|mode)$/i;

/** Values that cannot be a secret: switches, numbers, durations, paths, references to something else. */
const harmlessValue =
  /^(true|false|yes|no|on|off|none|null|-?\d+(\.\d+)?[a-z%]*|(\d+(\.\d+)?(ms|s|m|h|d))+|\/[\w./-]*|\.{1,2}\/[\w./-]*|https?:\/\/[^@\s]*)$/i;

function words(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
}

/** Whether a literal value stands under a name that promises a secret. */
export function looksSensitive(name: string, value: string): boolean {
  const trimmed = value.trim();
  const spelled = words(name);
  return (
    sensitiveWords.test(spelled) &&
    !aboutWords.test(spelled) &&
    trimmed !== "" &&
    !harmlessValue.test(trimmed) &&
    // Filled in later: by the kubelet, by a template, by Argo CD's own references to Secrets.
    !/\$\(|\$\{|\{\{|^\$|^<.*>$/.test(trimmed)
  );
}

/** Bits per character of a text. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

const encodedText = /^[A-Za-z0-9+/_=-]{32,}$/;

/** Whether a value is as random as a key: one long word of mixed characters. Digests are hexadecimal and stay below. */
export function looksRandom(value: string): boolean {
  const trimmed = value.trim();
  if (!encodedText.test(trimmed) || !/[a-z]/.test(trimmed) || !/[A-Z]/.test(trimmed) || !/\d/.test(trimmed))
    return false;
  return entropy(trimmed) > 4.5;
}
