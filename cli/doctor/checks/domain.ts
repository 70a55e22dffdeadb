import { lookup } from "node:dns/promises";
import { connect, type DetailedPeerCertificate, type PeerCertificate } from "node:tls";
import { X509Certificate } from "node:crypto";
import type { Check } from "../context";
import { failed, type Finding, invalid, ok, reasonOf, warning } from "../finding";

const timeout = 10_000;

/** What is known of a host name from here. */
export interface DomainFacts {
  /** Addresses, or why there are none. */
  readonly addresses: readonly string[] | { readonly error: string };
  /** The certificate that is shown there, DER, or why there is none. */
  readonly certificate?: Buffer | { readonly error: string };
}

export interface DomainProbe {
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly certificateOf: (host: string) => Promise<Buffer>;
}

/**
 * Whether people and the certificate authority will find Argo CD under its name. Before the first `up` nobody may
 * answer there yet, so that what is missing is a warning; afterwards it is a failure.
 */
export function judgeDomain(
  domain: string,
  { addresses, certificate }: DomainFacts,
  facts: { readonly after: boolean; readonly now: Date },
): Finding {
  const missing = facts.after ? failed : warning;
  if ("error" in addresses) {
    return missing(
      domain,
      `has no address: ${addresses.error}`,
      "make a DNS record that points at the ingress or the gateway; without it no certificate is issued",
    );
  }
  if (certificate === undefined || "error" in certificate) {
    return missing(
      domain,
      `shows no certificate: ${certificate?.error ?? "was not asked"}`,
      "check the ingress controller or gateway, and `kubectl -n argocd get certificates`",
    );
  }
  let shown: X509Certificate;
  try {
    shown = new X509Certificate(certificate);
  } catch {
    return invalid(domain, "shows a certificate that cannot be read", "check what answers at this address");
  }
  if (!shown.checkHost(domain)) {
    return missing(
      domain,
      `shows a certificate for ${shown.subjectAltName ?? shown.subject}`,
      "check that DNS points at this stack's ingress, and `kubectl -n argocd get certificates`",
    );
  }
  return new Date(shown.validTo) > facts.now
    ? ok(domain, `is served with a certificate valid until ${new Date(shown.validTo).toISOString()}`)
    : missing(
        domain,
        `shows a certificate that expired on ${shown.validTo}`,
        "check cert-manager's Certificate",
      );
}

/** The certificate is compared by name and date only: an ACME staging directory's is trusted by nobody. */
function certificateOf(host: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 443, servername: host, rejectUnauthorized: false, timeout }, () => {
      const { raw } = socket.getPeerCertificate() as PeerCertificate | DetailedPeerCertificate;
      socket.destroy();
      if (raw) resolve(raw);
      else reject(new Error("the server shows none"));
    });
    socket.once("timeout", () => socket.destroy(new Error(`no answer within ${timeout / 1000} s`)));
    socket.once("error", reject);
  });
}

const network: DomainProbe = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  certificateOf,
};

async function attempt<T>(action: () => Promise<T>): Promise<T | { readonly error: string }> {
  try {
    return await action();
  } catch (error) {
    return { error: reasonOf(error) };
  }
}

export function domainCheck(probe: DomainProbe = network): Check {
  return {
    name: "domain",
    run: async ({ config, after, now }) => {
      const { domain, exposure } = config.argocd;
      if (exposure.kind === "none") return [ok(domain, "is not exposed; Argo CD is reached by port-forward")];
      const addresses = await attempt(() => probe.resolve(domain));
      const facts =
        "error" in addresses
          ? { addresses }
          : { addresses, certificate: await attempt(() => probe.certificateOf(domain)) };
      return [judgeDomain(domain, facts, { after, now: now() })];
    },
  };
}
