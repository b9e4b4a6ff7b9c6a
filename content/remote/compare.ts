import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { CompareService, CopyMissingRequest_Target } from "../../gen/stowage/v1/compare_pb.js";
import type {
  ComparedSide,
  CompareEvent,
  CopyMissingProgress,
  CopyMissingRequest,
  DifferencesQuery,
  DifferentBlob,
  OtherDigest,
  ReportPage,
} from "../compare/report.ts";
import {
  comparedKindToWire,
  comparedPartToWire,
  compareEventFromWire,
  copyProgressFromWire,
  differentBlobFromWire,
  int64FromWire,
  otherDigestFromWire,
} from "../wire.ts";
import { answerOf, messagesOf } from "./call.ts";

/**
 * Have a server compare two of its stores, or sets of namespaces (CompareService.Compare). Leaving the iteration, or aborting the signal,
 * ends the work.
 *
 * @throws while it is iterated: as Compare in proto/stowage/v1/compare.proto says; `not-implemented` where the server does not
 * compare; `cancelled` after the signal aborted
 */
export async function* compareStores(
  transport: Transport,
  a: ComparedSide,
  b: ComparedSide,
  signal: AbortSignal,
): AsyncGenerator<CompareEvent, void, undefined> {
  const client = createClient(CompareService, transport);
  const request = { a: sideToWire(a), b: sideToWire(b) };
  for await (const answer of messagesOf((both) => client.compare(request, { signal: both }), signal)) {
    const event = compareEventFromWire(answer);
    if (event !== undefined) yield event;
  }
}

function sideToWire({ store, namespaces }: ComparedSide) {
  return { store, namespaces: [...namespaces] };
}

/** A page of a part of a report. @throws `not-found` where there is no such report, or not any more */
export async function listDifferences(
  transport: Transport,
  { report, part, kind, orderBy = "", size = 0, token = "", skip = 0 }: DifferencesQuery,
  signal?: AbortSignal,
): Promise<ReportPage<DifferentBlob>> {
  const client = createClient(CompareService, transport);
  const request = {
    report,
    part: comparedPartToWire(part),
    orderBy,
    pageSize: size,
    pageToken: token,
    skip,
    ...(kind && { kind: comparedKindToWire(kind) }),
  };
  const { blobs, nextPageToken, totalSize } = await answerOf(client.listDifferences(request, { signal }), signal);
  return {
    rows: blobs.map(differentBlobFromWire),
    nextToken: nextPageToken,
    total: int64FromWire(totalSize, "total_size"),
  };
}

/** A page of the images of a report that have the same name and stand for different digests. @throws as listDifferences */
export async function listOtherDigests(
  transport: Transport,
  { report, size = 0, token = "", skip = 0 }: Pick<DifferencesQuery, "report" | "size" | "token" | "skip">,
  signal?: AbortSignal,
): Promise<ReportPage<OtherDigest>> {
  const client = createClient(CompareService, transport);
  const request = { report, pageSize: size, pageToken: token, skip };
  const { images, nextPageToken, totalSize } = await answerOf(client.listOtherDigests(request, { signal }), signal);
  return {
    rows: images.map(otherDigestFromWire),
    nextToken: nextPageToken,
    total: int64FromWire(totalSize, "total_size"),
  };
}

/**
 * Have a server copy what one side of a report lacks (CompareService.CopyMissing). Leaving the iteration, or aborting the signal, ends
 * the work, unless it is to keep going; what came by then stays.
 *
 * @throws while it is iterated: as CopyMissing in proto/stowage/v1/compare.proto says; `cancelled` after the signal aborted
 */
export async function* copyMissing(
  transport: Transport,
  { report, to, namespace = "", digests = [], withImages = false, keepGoing = false }: CopyMissingRequest,
  signal: AbortSignal,
): AsyncGenerator<CopyMissingProgress, void, undefined> {
  const client = createClient(CompareService, transport);
  const request = { report, to: targets[to], namespace, digests: [...digests], withImages, keepGoing };
  const answers = messagesOf((both) => client.copyMissing(request, { signal: both }), signal);
  for await (const { progress } of answers) if (progress) yield copyProgressFromWire(progress);
}

/**
 * Follow a copy that goes on, or is over since a while (CompareService.FollowCopy). Leaving the iteration, or aborting the signal, ends nothing
 * else.
 *
 * @param copy empty: the one that the caller began last
 * @throws while it is iterated: `not-found` where there is none, or not any more; what the copy ended with; `cancelled` after the signal
 * aborted, and where somebody ended the copy
 */
export async function* followCopy(
  transport: Transport,
  copy: string,
  signal: AbortSignal,
): AsyncGenerator<CopyMissingProgress, void, undefined> {
  const client = createClient(CompareService, transport);
  const answers = messagesOf((both) => client.followCopy({ copy }, { signal: both }), signal);
  for await (const { progress } of answers) if (progress) yield copyProgressFromWire(progress);
}

/** End a copy, whoever follows it; one that is over is forgotten (CompareService.EndCopy). @throws `not-found` as followCopy */
export async function endCopy(transport: Transport, copy: string, signal?: AbortSignal): Promise<void> {
  await answerOf(createClient(CompareService, transport).endCopy({ copy }, { signal }), signal);
}

const targets = { a: CopyMissingRequest_Target.A, b: CopyMissingRequest_Target.B } as const;
