import type { Logger } from "pino";
import type { ContentError, ErrorKind } from "../../content/errors.ts";
import { toContentError } from "../../content/wire.ts";
import { requireCaller } from "../policy/admit.ts";
import type { Call } from "../policy/call.ts";
import { download } from "../policy/permissions.ts";
import { answerRefused } from "./refused.ts";
import type { Request, Response } from "./request.ts";
import { answerText, cut } from "./request.ts";

/** Answers requests for a file, of one path. @param call who asks; its namespace and store are those of the query */
export type Download = (url: URL, request: Request, response: Response, call: Call) => Promise<void>;

/** HTTP status of each kind of error; 500 for all others. */
const statuses: Readonly<Partial<Record<ErrorKind, number>>> = {
  "invalid-argument": 400,
  "not-found": 404,
  "failed-precondition": 400,
  unavailable: 503,
  "permission-denied": 403,
  unauthenticated: 401,
  "resource-exhausted": 503,
};

/** Failures that are the server's: somebody should look. */
const kindsOfTheServer: readonly ErrorKind[] = ["internal", "data-loss", "resource-exhausted"];

interface DownloadOptions {
  readonly logger: Logger;
  /** What the log tells of a request, by its name there: the parameter of its query. */
  readonly logged: Readonly<Record<string, string>>;
  /** Answers a request. @param signal aborted when its client is gone */
  readonly answer: (url: URL, request: Request, response: Response, call: Call, signal: AbortSignal) => Promise<void>;
}

/**
 * Answers with a file. What cannot be read is an error in one line of text while nothing was sent; later the connection is cut
 * before the last byte, so that no client takes a wrong file for a whole one.
 */
export function createDownloads({ logger, logged, answer }: DownloadOptions): Download {
  return async (url, request, response, call) => {
    const { ended } = call.access;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    // What was sent so far has no end then.
    const end = (): void => cut(response);
    ended?.addEventListener("abort", end, { once: true });
    try {
      requireCaller(call, download);
      await answer(url, request, response, call, gone.signal);
    } catch (thrown) {
      if (gone.signal.aborted) return;
      const error = toContentError(thrown, call.id);
      const asked = Object.entries(logged).map(([name, parameter]) => [name, url.searchParams.get(parameter)]);
      const line = { call: call.id, ...Object.fromEntries(asked), kind: error.kind };
      const isRefused = thrown === call.refused && error.kind !== "internal";
      if (!isRefused && kindsOfTheServer.includes(error.kind)) logger.warn({ ...line, err: thrown }, "download failed");
      // As a call that reads: whoever asks for what is not there, or not theirs, fills no log.
      else logger.debug({ ...line, error: error.message }, "download refused");
      if (response.headersSent) cut(response);
      else if (isRefused) answerRefused(response, error);
      else answerText(response, statuses[error.kind] ?? 500, errorText(error));
    } finally {
      ended?.removeEventListener("abort", end);
    }
  };
}

function errorText({ message, kind, facts }: ContentError): string {
  if (kind === "not-found") return `${message}: not found`;
  return facts.reference === undefined ? message : `${message} (${facts.reference})`;
}

/**
 * Headers of what is a stranger's: an attachment of no known type.
 *
 * @param name of the file: letters, digits, `.`, `-` and `_`
 */
export function attachmentHeaders(name: string): Readonly<Record<string, string>> {
  return {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename="${name}"`,
    "content-security-policy": "default-src 'none'; sandbox",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}
