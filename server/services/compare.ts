import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import { parseOrder } from "../../content/order.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import {
  comparedPartFromWire,
  comparedSideFromWire,
  compareEventToWire,
  copyProgressToWire,
  differentBlobToWire,
  int64ToWire,
  otherDigestToWire,
} from "../../content/wire.ts";
import type {
  CompareRequest,
  CopyMissingRequest,
  ListDifferencesRequest,
  ListDifferencesResponseSchema,
  ListOtherDigestsRequest,
  ListOtherDigestsResponseSchema,
} from "../../gen/stowage/v1/compare_pb.js";
import { CompareService, CopyMissingRequest_Target } from "../../gen/stowage/v1/compare_pb.js";
import { copyMissing, directionOf, targetNamespace } from "../compare/copy-missing.ts";
import { createPlaces } from "../compare/places.ts";
import { ranks } from "../compare/rank.ts";
import type { PlacedRow, RowOrder } from "../compare/report-job.ts";
import type { KeptReport, Reports } from "../compare/reports.ts";
import { openReports } from "../compare/reports.ts";
import { runCompare } from "../compare/run-compare.ts";
import { findSide, requireSide } from "../compare/side.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { callKey } from "../policy/call.ts";
import type { StoreSet } from "../store-set/store-set.ts";
import { fingerprint } from "./page-token.ts";

/** Rows of a page: when the request names no number, and at most. */
const pageRows = { usual: 200, most: 1000 } as const;

/** Digests that one request may choose. */
const mostDigests = 1000;

/** Comparisons, and copies, that may be under way: each has a thread, or four blobs that are copied at once. */
const atOnce = { perIdentity: 2, overall: 8 } as const;

/** What the service is made with. */
export interface CompareServiceOptions {
  readonly stores: StoreSet;
  /** The service's own, to be disposed of with it. */
  readonly reports: Reports;
  /** Aborted when the server begins to stop: streams end then. */
  readonly stopping: AbortSignal;
  /** Told of what nobody waits for. */
  readonly failed: (error: unknown) => void;
}

/** `stowage.v1.CompareService`: what two sides have and have not of each other. */
export function createCompareService({ stores, reports, stopping, failed }: CompareServiceOptions): Service {
  const comparisons = createPlaces("comparisons", atOnce);
  const copies = createPlaces("copies", atOnce);

  /** The report of whoever calls, who must still be let see both sides. */
  function reportOf(id: string, { values }: HandlerContext): KeptReport {
    const { caller, access } = values.get(callKey);
    const report = reports.find(id, caller.identity);
    requireSide(report.sides.a, access);
    requireSide(report.sides.b, access);
    return report;
  }

  async function* compare(request: CompareRequest, context: HandlerContext) {
    const { caller, access } = context.values.get(callKey);
    const signal = AbortSignal.any([context.signal, stopping]);
    using _place = comparisons.take(caller.identity);
    const [a, b] = await Promise.all([
      findSide(stores, comparedSideFromWire(request.a), access, signal),
      findSide(stores, comparedSideFromWire(request.b), access, signal),
    ]);
    const asked = { owner: caller.identity, sides: { a, b } };
    for await (const event of runCompare(reports, asked, signal)) yield compareEventToWire(event);
  }

  async function listDifferences(
    request: ListDifferencesRequest,
    context: HandlerContext,
  ): Promise<MessageInitShape<typeof ListDifferencesResponseSchema>> {
    const { sides, facts, file } = reportOf(request.report, context);
    const part = comparedPartFromWire(request.part);
    const order = orderOf(request.orderBy || "size desc");
    const total = facts.totals[part].blobs;
    const { skip, limit, nextToken } = placesOf(request, [request.report, part, order], total);
    const rows = await file.ask("page", { part, order, skip, limit });
    const { namespaces } = part === "only-b" ? sides.b : sides.a;
    return {
      blobs: rows.map((row) => differentBlobToWire(blobOf(row, namespaces))),
      nextPageToken: nextToken,
      totalSize: int64ToWire(total, "total_size"),
    };
  }

  async function listOtherDigests(
    request: ListOtherDigestsRequest,
    context: HandlerContext,
  ): Promise<MessageInitShape<typeof ListOtherDigestsResponseSchema>> {
    const { facts, file } = reportOf(request.report, context);
    const total = facts.images?.otherDigests ?? 0;
    const { skip, limit, nextToken } = placesOf(request, [request.report], total);
    const rows = await file.ask("otherDigests", { skip, limit });
    return {
      images: rows.map(otherDigestToWire),
      nextPageToken: nextToken,
      totalSize: int64ToWire(total, "total_size"),
    };
  }

  async function* copy(request: CopyMissingRequest, context: HandlerContext) {
    const { caller, access, note } = context.values.get(callKey);
    const report = reportOf(request.report, context);
    const to = targetOf(request);
    const { from, target } = directionOf({ report, to });
    note?.({ store: target.store.name, namespace: request.namespace });
    const namespace = targetNamespace(target, request.namespace, access);
    note?.({ namespace, name: `from ${from.label}` });
    using _place = copies.take(caller.identity);
    using _hold = reports.hold(report);
    const digests = request.digests.map(parseDigest);
    const asked = { report, to, namespace, digests, withImages: request.withImages, caller, failed };
    for await (const progress of copyMissing(asked, AbortSignal.any([context.signal, stopping]))) {
      note?.({ bytes: progress.copied.bytes, done: true });
      yield copyProgressToWire(progress);
    }
  }

  return {
    ofServer: true,
    [Symbol.asyncDispose]: () => reports[Symbol.asyncDispose](),
    register: (router) =>
      router.service(CompareService, { compare, listDifferences, listOtherDigests, copyMissing: copy }),
  };
}

/** @throws `invalid-argument` for what is no side, and for more digests than can be chosen */
function targetOf({ to, digests }: CopyMissingRequest): "a" | "b" {
  if (digests.length > mostDigests) {
    throw new ContentError("invalid-argument", `more than ${mostDigests} digests; none stands for all`);
  }
  if (to === CopyMissingRequest_Target.A) return "a";
  if (to === CopyMissingRequest_Target.B) return "b";
  throw new ContentError("invalid-argument", "to is A or B");
}

/** @throws `invalid-argument` for another order than by size or digest */
function orderOf(text: string): RowOrder {
  const [key, ...more] = parseOrder(text);
  if (key === undefined || more.length > 0 || (key.field !== "size" && key.field !== "digest")) {
    throw new ContentError("invalid-argument", `order_by ${JSON.stringify(text)} is not size or digest`);
  }
  return { by: key.field, isDescending: key.descending };
}

/** Which rows a page has. A report does not change, so that a token is the number of its first row. */
function placesOf(
  { pageSize, pageToken, skip }: Pick<ListDifferencesRequest, "pageSize" | "pageToken" | "skip">,
  args: unknown,
  total: number,
): { readonly skip: number; readonly limit: number; readonly nextToken: string } {
  if (pageSize < 0) throw new ContentError("invalid-argument", `page_size ${pageSize} is negative`);
  if (skip < 0) throw new ContentError("invalid-argument", `skip ${skip} is negative`);
  const limit = Math.min(pageSize || pageRows.usual, pageRows.most);
  const of = fingerprint(args);
  const [told = of, first = "0"] = pageToken === "" ? [] : pageToken.split(".");
  if (told !== of || !/^\d{1,10}$/.test(first)) {
    throw new ContentError("invalid-argument", "page_token is of another report, part or order; begin without one");
  }
  const from = Number(first) + skip;
  return { skip: from, limit, nextToken: from + limit < total ? `${of}.${from + limit}` : "" };
}

function blobOf({ digest, size, at, rank }: PlacedRow, namespaces: readonly string[]) {
  const kind = rank === ranks.leaf ? undefined : rank === ranks.manifest ? ("manifest" as const) : ("index" as const);
  return { digest, size, namespace: namespaces[at] ?? "", ...(kind && { kind }) };
}

/** Serves `stowage.v1.CompareService` over all stores. */
export const comparePlugin = definePlugin({
  type: "service",
  id: "compare",
  requires: [{ type: "stores" }],
  config: z.strictObject({}),
  async open({ root, logger, stopping, get }) {
    const failed = (err: unknown): void => logger.error({ err }, "a comparison or a copy met what it should not");
    const reports = await openReports(root);
    return createCompareService({ stores: get("stores"), reports, stopping, failed });
  },
});
