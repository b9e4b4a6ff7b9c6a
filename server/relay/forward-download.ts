import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { pipeline } from "node:stream/promises";
import type { Logger } from "pino";
import { ContentError } from "../../content/errors.ts";
import type { Download } from "../listen/attachment.ts";
import { attachmentHeaders, createDownloads } from "../listen/attachment.ts";
import type { Request, Response } from "../listen/request.ts";
import { answerText, begin } from "../listen/request.ts";
import { oneLine } from "../one-line.ts";
import { headersFrom } from "../policy/headers.ts";
import { onOver, refuseCircle, viaOf } from "../store-set/via.ts";
import type { NodeConnection } from "./node-connection.ts";
import { isSecure } from "./node-connection.ts";
import { absenceOf } from "./node-error.ts";
import type { NodePlaces } from "./node-places.ts";
import type { Patience } from "./patience.ts";
import { eachWhileThere, whileThere } from "./patience.ts";

/** Where files are asked for. */
export interface DownloadNode extends NodeConnection {
  /** Of the store, for errors. */
  readonly name: string;
  /** Of the store, for requests that come back to it. */
  readonly id: string;
  /** Which store of the node; empty: its default one. */
  readonly store: string;
  /** Keeps connections to this node alone. */
  readonly agent: HttpAgent;
  /** How it is waited for. */
  readonly patience: Patience;
  readonly places: NodePlaces;
  /** Headers that say who this server is. */
  credentials(): Readonly<Record<string, string>>;
}

/** What of a request a node is told. */
const asked = ["accept", "if-none-match", "if-range", "range"] as const;

/** What of an answer is passed on. What a file is to a browser is said here: it is opened under this server's own origin. */
const answered = ["accept-ranges", "content-length", "content-range", "etag"] as const;

/** Statuses of a file, of a part of it, and of one that is the same still. */
const fileStatuses: readonly (number | undefined)[] = [200, 206, 304];

/** A file's name as this server gives it too. */
const fileName = /^attachment; filename="(?<name>[\w.-]{1,200})"$/;

/** How long copies may be kept that nodes say something of; anything else, and none is. */
const cachings: readonly (string | undefined)[] = ["private, no-cache", "no-store"];

/** Characters of an error's text that are passed on. */
const maxErrorText = 500;

/** The pieces of an answer, for as long as its node is there. */
type Waited = (pieces: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** Statuses with which a node refuses this server, and not whoever asked it. */
const refusals: readonly (number | undefined)[] = [401, 403];

/**
 * Keeps the connections to one node. An agent tells connections apart by the host of the URL and not by the address that is dialled,
 * so that one that several nodes share would ask another node, and show it this one's token.
 */
export function createFileAgent({ baseUrl }: Pick<NodeConnection, "baseUrl">): HttpAgent {
  return isSecure(baseUrl) ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
}

/** Answers requests for a file with what a node answers; its bytes go on as they come. An answer that is cut there is cut here. */
export function forwardDownload(node: DownloadNode, path: string, logger: Logger): Download {
  return createDownloads({
    logger,
    logged: { store: "store", namespace: "ns" },
    async answer({ searchParams: query }, request, response, call, signal) {
      const via = viaOf(headersFrom(request.headers));
      refuseCircle(via, node.id, node.name);
      using _place = node.places.file(call);
      const url = new URL(path, node.baseUrl);
      for (const [name, value] of query) if (name !== "store") url.searchParams.append(name, value);
      if (node.store !== "") url.searchParams.set("store", node.store);
      const late = new AbortController();
      const answer = await ask(node, url, request, via, AbortSignal.any([signal, late.signal]), late);
      if (refusals.includes(answer.statusCode)) {
        answer.resume();
        throw new ContentError("permission-denied", `store ${node.name} refuses this server`);
      }
      await passOn(answer, response, (pieces) => eachWhileThere(node.patience, late, pieces));
    },
  });
}

async function ask(
  node: DownloadNode,
  url: URL,
  request: Request,
  via: readonly string[],
  signal: AbortSignal,
  late: AbortController,
): Promise<IncomingMessage> {
  const told = asked.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, request.headers[name]]]));
  try {
    const headers = { ...Object.fromEntries(told), ...onOver(via, node.id), ...node.credentials() };
    const how = node.options();
    // A socket is dialled anew each time.
    const { agent } = how.createConnection === undefined ? node : {};
    const options = { method: request.method ?? "GET", headers, signal, ...how, ...(agent && { agent }) };
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      const send = isSecure(url.href) ? requestHttps : requestHttp;
      const sent: ClientRequest = send(url, options, resolve);
      sent.on("error", reject).end();
    });
    return await whileThere(node.patience, late, answer);
  } catch (cause) {
    const reason = absenceOf(late.signal.aborted ? late.signal.reason : cause) ?? "it failed";
    throw new ContentError("unavailable", `store ${node.name} does not answer: ${reason}`, { cause });
  }
}

async function passOn(answer: IncomingMessage, response: Response, waited: Waited): Promise<void> {
  const { statusCode: status = 0, headers } = answer;
  const passed = answered.flatMap((name): [string, string][] => {
    const value = headers[name];
    return value === undefined ? [] : [[name, String(value)]];
  });
  if (!fileStatuses.includes(status)) return await passErrorOn(answer, response, waited);
  const { name = "download" } = fileName.exec(headers["content-disposition"] ?? "")?.groups ?? {};
  const caching = cachings.includes(headers["cache-control"]) ? headers["cache-control"] : "no-store";
  begin(response, status, {
    ...Object.fromEntries(passed),
    ...attachmentHeaders(name),
    "cache-control": caching ?? "",
  });
  await pipeline(answer, waited, response as NodeJS.WritableStream);
}

/** What a node says instead of a file, as text in one line. */
async function passErrorOn(answer: IncomingMessage, response: Response, waited: Waited): Promise<void> {
  const { statusCode: status = 0, headers } = answer;
  let text = "";
  for await (const chunk of waited(answer)) {
    text += String(chunk);
    if (text.length >= maxErrorText) break;
  }
  const line = oneLine(text, maxErrorText).trim();
  const range = headers["content-range"];
  const isError = status >= 400 && status <= 599;
  answerText(response, isError ? status : 502, line, range === undefined ? {} : { "content-range": range });
}
