import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { pipeline } from "node:stream/promises";
import type { Logger } from "pino";
import { ContentError } from "../../content/errors.ts";
import type { Download } from "../listen/attachment.ts";
import { createDownloads } from "../listen/attachment.ts";
import type { Request, Response } from "../listen/request.ts";
import { begin } from "../listen/request.ts";
import type { NodeConnection } from "./node-connection.ts";

/** Where files are asked for. */
export interface DownloadNode extends NodeConnection {
  /** Of the store, for errors. */
  readonly name: string;
  /** Which store of the node; empty: its default one. */
  readonly store: string;
  /** Headers that say who this server is. */
  credentials(): Readonly<Record<string, string>>;
}

/** What of a request a node is told. */
const asked = ["accept", "if-none-match", "if-range", "range"] as const;

/** What of an answer is passed on. */
const answered = [
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-length",
  "content-range",
  "content-security-policy",
  "content-type",
  "etag",
  "referrer-policy",
  "x-content-type-options",
] as const;

/** Statuses with which a node refuses this server, and not whoever asked it. */
const refusals: readonly (number | undefined)[] = [401, 403];

/** Answers requests for a file with what a node answers; its bytes go on as they come. An answer that is cut there is cut here. */
export function forwardDownload(node: DownloadNode, path: string, logger: Logger): Download {
  return createDownloads({
    logger,
    logged: { store: "store", namespace: "ns" },
    async answer({ searchParams: query }, request, response, _call, signal) {
      const url = new URL(path, node.baseUrl);
      for (const [name, value] of query) if (name !== "store") url.searchParams.append(name, value);
      if (node.store !== "") url.searchParams.set("store", node.store);
      const answer = await ask(node, url, request, signal);
      if (refusals.includes(answer.statusCode)) {
        answer.resume();
        throw new ContentError("permission-denied", `store ${node.name} refuses this server`);
      }
      await passOn(answer, response);
    },
  });
}

async function ask(node: DownloadNode, url: URL, request: Request, signal: AbortSignal): Promise<IncomingMessage> {
  const told = asked.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, request.headers[name]]]));
  const headers = { ...Object.fromEntries(told), ...node.credentials() };
  const options = { method: request.method ?? "GET", headers, signal, ...node.options };
  try {
    return await new Promise((resolve, reject) => {
      const send = url.protocol === "https:" ? requestHttps : requestHttp;
      const sent: ClientRequest = send(url, options, resolve);
      sent.on("error", reject).end();
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ContentError("unavailable", `store ${node.name} does not answer: ${reason}`, { cause });
  }
}

async function passOn(answer: IncomingMessage, response: Response): Promise<void> {
  const headers = answered.flatMap((name): [string, string][] => {
    const value = answer.headers[name];
    return value === undefined ? [] : [[name, String(value)]];
  });
  begin(response, answer.statusCode ?? 502, Object.fromEntries(headers));
  await pipeline(answer, response as NodeJS.WritableStream);
}
