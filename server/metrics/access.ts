import type { Audit } from "../audit/audit.ts";
import type { ServedCertificate } from "../plugins/listener.ts";
import type { Authenticator } from "../policy/authenticate.ts";
import type { Family } from "./family.ts";
import { counter, gauge } from "./family.ts";

/** What was done, and what the audit lost of it. */
export function auditFamilies(audit: Pick<Audit, "counts" | "lost">): readonly Family[] {
  return [
    counter(
      "stowage_audit_events",
      "What the audit was told of since the start, by what came of it: done, refused (to who may not), failed.",
      audit.counts().map(({ act, outcome, count }) => ({ labels: { act, outcome }, value: count })),
    ),
    counter(
      "stowage_audit_events_lost",
      "Events that the audit lost, because the disk refused them for too long.",
      audit.lost(),
    ),
  ];
}

/** Who was not let in. */
export function signInFamilies({ refusals }: Pick<Authenticator, "refusals">): readonly Family[] {
  return [
    counter(
      "stowage_sign_in_failures",
      "Tokens and cookies that were shown in vain: unknown, ended, or limited (after too many from one address).",
      Object.entries(refusals).map(([reason, value]) => ({ labels: { reason }, value })),
    ),
  ];
}

/** Until when TLS can be served. */
export function certificateFamilies(certificates: readonly ServedCertificate[]): readonly Family[] {
  return [
    gauge(
      "stowage_tls_certificate_expiry_timestamp_seconds",
      "When the certificate of an address ends, since 1970.",
      certificates.map(({ address, expires }) => ({ labels: { address }, value: expires.getTime() / 1000 })),
    ),
  ];
}
