import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import { parseOrder } from "../../content/order.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import {
  comparedKindFromWire,
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
  EndCopyRequest,
  FollowCopyRequest,
  ListDifferencesRequest,
  ListDifferencesResponseSchema,
  ListOtherDigestsRequest,
  ListOtherDigestsResponseSchema,
} from "../../gen/stowage/v1/compare_pb.js";
import { CompareService, CopyMissingRequest_Target } from "../../gen/stowage/v1/compare_pb.js";
import { methodName } from "../audit/acts.ts";
import type { Audit } from "../audit/audit.ts";
import type { Copy } from "../compare/copies.ts";
import { createCopies, follow } from "../compare/copies.ts";
import { copyAll, directionOf, stateOfCopy, targetNamespace } from "../compare/copy-missing.ts";
import { createPlaces } from "../compare/places.ts";
import type { PlacedRow, RowOrder } from "../compare/report-job.ts";
import type { KeptReport, Reports } from "../compare/reports.ts";
import { openReports } from "../compare/reports.ts";
import { runCompare } from "../compare/run-compare.ts";
import { findSide, requireSide } from "../compare/side.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import type { Call } from "../policy/call.ts";
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
  /** Absent: changes are not recorded. */
  readonly audit?: Pick<Audit, "record">;
  /** Aborted when the server begins to stop: streams end then. */
  readonly stopping: AbortSignal;
  /** Told of what nobody waits for. */
  readonly failed: (error: unknown) => void;
}

/** `stowage.v1.CompareService`: what two sides have and have not of each other. */
export function createCompareService({ stores, reports, audit, stopping, failed }: CompareServiceOptions): Service {
  const comparisons = createPlaces("comparisons", atOnce);
  const places = createPlaces("copies", atOnce);
  const copies = createCopies(stopping);

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
    const kind = request.kind === undefined ? undefined : comparedKindFromWire(request.kind);
    const ofKind = facts.kinds.find((each) => each.part === part && each.kind === kind);
    const total = kind === undefined ? facts.totals[part].blobs : (ofKind?.blobs ?? 0);
    const { skip, limit, nextToken } = placesOf(request, [request.report, part, order, kind], total);
    const rows = await file.ask("page", { part, order, skip, limit, ...(kind && { kind }) });
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

  /** Begins a copy, of which is known that its caller may make it. */
  async function beginCopy(request: CopyMissingRequest, context: HandlerContext): Promise<Copy> {
    const { caller, access, note } = context.values.get(callKey);
    const report = reportOf(request.report, context);
    const to = targetOf(request);
    const { from, target } = directionOf({ report, to });
    note?.({ store: target.store.name, namespace: request.namespace });
    const namespace = targetNamespace(target, request.namespace, access);
    note?.({ namespace, name: `from ${from.label}` });
    using held = new DisposableStack();
    held.use(places.take(caller.identity));
    held.use(reports.hold(report));
    const digests = [...new Set(request.digests.map(parseDigest))];
    const task = { report, to, namespace, digests, withImages: request.withImages, caller, failed };
    const state = await stateOfCopy(task);
    const until = held.move();
    return copies.begin({
      owner: caller.identity,
      state,
      target: { store: target.store.name, namespace },
      ...(access.ended && { ended: access.ended }),
      work: (signal) => copyAll(task, state, signal).finally(() => until.dispose()),
    });
  }

  async function* copyMissing(request: CopyMissingRequest, context: HandlerContext) {
    const call = context.values.get(callKey);
    const copy = await beginCopy(request, context);
    let noted = 0;
    try {
      for await (const progress of follow(copy, context.signal)) {
        noted = progress.copied.bytes;
        call.note?.({ bytes: noted, done: true });
        yield { progress: copyProgressToWire(progress) };
      }
    } finally {
      if (!request.keepGoing) {
        copy.end();
        await copy.over.catch(() => undefined);
      }
      const recordRest = (): void => recordCopy({ call, copy, noted });
      void copy.over.then(recordRest, recordRest);
    }
  }

  /** What came after the call that began a copy, which says only what came until its end. */
  function recordCopy({
    call,
    copy,
    noted,
  }: {
    readonly call: Call;
    readonly copy: Copy;
    readonly noted: number;
  }): void {
    const bytes = copy.state.copied.bytes - noted;
    if (bytes === 0) return;
    const { caller, id } = call;
    audit?.record({
      act: "copy",
      kind: "blob",
      who: caller.identity,
      peer: caller.address,
      userAgent: caller.userAgent,
      ...copy.target,
      name: "after its call ended",
      bytes,
      call: id,
      method: methodName(CompareService.method.copyMissing),
    });
  }

  async function* followCopy({ copy: id }: FollowCopyRequest, context: HandlerContext) {
    const { caller } = context.values.get(callKey);
    const copy = copies.find(id, caller.identity);
    for await (const progress of follow(copy, context.signal)) yield { progress: copyProgressToWire(progress) };
  }

  async function endCopy({ copy: id }: EndCopyRequest, context: HandlerContext) {
    const { caller, note } = context.values.get(callKey);
    const copy = copies.find(id, caller.identity);
    if (copy.isOver) {
      copies.forget(copy);
      return {};
    }
    note?.({ ...copy.target });
    copy.end();
    await copy.over.catch(() => undefined);
    return {};
  }

  return {
    ofServer: true,
    async [Symbol.asyncDispose]() {
      await copies[Symbol.asyncDispose]();
      await reports[Symbol.asyncDispose]();
    },
    register: (router) =>
      router.service(CompareService, { compare, listDifferences, listOtherDigests, copyMissing, followCopy, endCopy }),
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

function blobOf({ digest, size, at, kind }: PlacedRow, namespaces: readonly string[]) {
  return { digest, size, kind, namespace: namespaces[at] ?? "" };
}

/** Serves `stowage.v1.CompareService` over all stores. */
export const comparePlugin = definePlugin({
  type: "service",
  id: "compare",
  requires: [{ type: "stores" }, { type: "audit", optional: true }],
  config: z.strictObject({}),
  async open({ root, logger, stopping, get, all }) {
    const failed = (err: unknown): void => logger.error({ err }, "a comparison or a copy met what it should not");
    const reports = await openReports(root);
    const [audit] = all("audit");
    return createCompareService({ stores: get("stores"), reports, stopping, failed, ...(audit && { audit }) });
  },
});
