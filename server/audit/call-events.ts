import { Code } from "@connectrpc/connect";
import type { AuditedCall, CallAudit } from "../policy/call-audit.ts";
import { actOf, methodName } from "./acts.ts";
import type { Audit } from "./audit.ts";
import type { AuditEntry } from "./entry.ts";

/** Codes of a call that never came to its service. */
const deniedCodes: readonly Code[] = [Code.PermissionDenied, Code.Unauthenticated];

/** Records the calls that change something, each once it is over. @param defaultStore of a call that names no store */
export function createCallAudit(audit: Pick<Audit, "record">, defaultStore: string): CallAudit {
  return {
    covers: (method) => actOf(method) !== undefined,
    end(ended) {
      const entry = entryOf(ended, defaultStore);
      if (entry !== undefined) audit.record(entry);
    },
  };
}

function entryOf({ method, call, subject, facts, error }: AuditedCall, store: string): AuditEntry | undefined {
  const known = actOf(method);
  if (known === undefined) return undefined;
  const { act, kind, isNoted } = known;
  if (isNoted && facts === undefined && (error === undefined || !deniedCodes.includes(error.code))) return undefined;
  const isAboutStore = kind !== "token" && kind !== "session";
  const { name, digest = "" } = { ...subjectOfEvent(subject), ...facts };
  const namespace = facts?.namespace ?? (kind === "namespace" ? name : call.namespace);
  const { bytes, changes, done } = facts ?? {};
  return {
    act: facts?.act ?? act,
    kind: facts?.kind ?? kind,
    who: facts?.who ?? call.caller.identity,
    peer: call.caller.address,
    userAgent: call.caller.userAgent,
    method: methodName(method),
    ...(isAboutStore && { store: facts?.store ?? (call.store || store), namespace: namespace ?? "" }),
    name: name ?? "",
    digest,
    ...(bytes !== undefined && { bytes }),
    ...(changes && { changes }),
    ...outcomeOf(done === true ? undefined : error),
    call: call.id,
  };
}

function subjectOfEvent({ ref, digest, name, id }: AuditedCall["subject"]): { name?: string; digest?: string } {
  const called = ref ?? name ?? id;
  return { ...(called !== undefined && { name: called }), ...(digest !== undefined && { digest }) };
}

function outcomeOf(error: AuditedCall["error"]): Pick<AuditEntry, "code" | "error"> {
  return error === undefined ? { code: "ok" } : { code: codeWord(error.code), error: error.rawMessage };
}

/** A code of gRPC as events have it, such as `not-found`. */
function codeWord(code: Code): string {
  return (Code[code] ?? "Unknown").replaceAll(/(?<=.)[A-Z]/g, "-$&").toLowerCase();
}
