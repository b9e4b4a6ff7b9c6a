import type { CallAudit } from "../policy/call-audit.ts";
import type { Audit } from "./audit.ts";

/** The audit of a server. */
export interface ServerAudit extends Audit {
  /** Is to be told of every call. */
  readonly calls: CallAudit;
}
