import type { ContentError, ErrorKind } from "../../content/errors.ts";
import type { Response } from "./request.ts";
import { answerText } from "./request.ts";

/** HTTP status of each kind of refusal; 401 for all others. */
const statuses: Readonly<Partial<Record<ErrorKind, number>>> = {
  "permission-denied": 403,
  "resource-exhausted": 429,
  internal: 500,
};

/** Answer one who may not have what they ask for, or who does not say who they are: that is told how (RFC 9110, 11.6.1). */
export function answerRefused(response: Response, { kind, message }: ContentError): void {
  const status = statuses[kind] ?? 401;
  answerText(response, status, message, status === 401 ? { "www-authenticate": "Bearer" } : {});
}
