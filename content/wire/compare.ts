import { create } from "@bufbuild/protobuf";
import type {
  CompareResponse,
  CopyProgress,
  BlobAmount as WireAmount,
  DifferentBlob as WireBlob,
  OtherDigest as WireOther,
  CompareReport as WireReport,
  ComparedSide as WireSide,
  CompareTotals as WireTotals,
} from "../../gen/stowage/v1/compare_pb.js";
import {
  BlobAmountSchema,
  CompareReportSchema,
  CompareResponseSchema,
  CompareTotalsSchema,
  CopyProgressSchema,
  DifferentBlob_Kind,
  DifferentBlobSchema,
  OtherDigestSchema,
  ComparedPart as WirePart,
} from "../../gen/stowage/v1/compare_pb.js";
import type {
  ComparedKind,
  ComparedSide,
  CompareEvent,
  CompareReport,
  CopyMissingProgress,
  DifferentBlob,
  OtherDigest,
} from "../compare/report.ts";
import type { BlobAmount, ComparedPart, CompareTotals } from "../compare.ts";
import { ContentError } from "../errors.ts";
import { parseDigest } from "../parse-digest.ts";
import { int64FromWire, int64ToWire, timeFromWire, timeToWire, unknownTime } from "./scalars.ts";

const parts: Readonly<Record<ComparedPart, WirePart>> = {
  "only-a": WirePart.ONLY_A,
  both: WirePart.BOTH,
  "only-b": WirePart.ONLY_B,
};

/** A part for the wire. */
export function comparedPartToWire(part: ComparedPart): WirePart {
  return parts[part];
}

/** @throws `invalid-argument` for what is none */
export function comparedPartFromWire(part: WirePart): ComparedPart {
  const names = Object.keys(parts) as ComparedPart[];
  const found = names.find((name) => parts[name] === part);
  if (found === undefined) throw new ContentError("invalid-argument", "part is ONLY_A, BOTH or ONLY_B");
  return found;
}

/** A side of a request; one that is left out is all of the default store. */
export function comparedSideFromWire(side: WireSide | undefined): ComparedSide {
  return { store: side?.store ?? "", namespaces: side?.namespaces ?? [] };
}

/** What a comparison tells, for the wire. @throws `invalid-argument` for a number that is no safe integer */
export function compareEventToWire(event: CompareEvent): CompareResponse {
  const value =
    event.kind === "progress"
      ? { case: "progress" as const, value: totalsToWire(event.totals) }
      : { case: "report" as const, value: reportToWire(event.report) };
  return create(CompareResponseSchema, { event: value });
}

/** What a comparison tells; absent for what a newer server tells. @throws `invalid-argument` for a number beyond 2^53-1 */
export function compareEventFromWire({ event }: CompareResponse): CompareEvent | undefined {
  switch (event.case) {
    case "progress":
      return { kind: "progress", totals: totalsFromWire(event.value) };
    case "report":
      return { kind: "report", report: reportFromWire(event.value) };
    default:
      return undefined;
  }
}

function reportToWire({ id, totals, asOf, namespaces, kinds, images }: CompareReport): WireReport {
  return create(CompareReportSchema, {
    id,
    totals: totalsToWire(totals),
    aAsOf: timeToWire(asOf.a),
    bAsOf: timeToWire(asOf.b),
    aNamespaces: [...namespaces.a],
    bNamespaces: [...namespaces.b],
    knowsImages: images !== undefined,
    otherDigests: int64ToWire(images?.otherDigests ?? 0, "other_digests"),
    imagesOnlyA: int64ToWire(images?.onlyA ?? 0, "images_only_a"),
    imagesOnlyB: int64ToWire(images?.onlyB ?? 0, "images_only_b"),
    kinds: kinds.map((each) => ({
      part: parts[each.part],
      kind: comparedKindToWire(each.kind),
      amount: amountToWire(each),
    })),
  });
}

function reportFromWire(report: WireReport): CompareReport {
  const images = {
    otherDigests: int64FromWire(report.otherDigests, "other_digests"),
    onlyA: int64FromWire(report.imagesOnlyA, "images_only_a"),
    onlyB: int64FromWire(report.imagesOnlyB, "images_only_b"),
  };
  return {
    id: report.id,
    totals: totalsFromWire(report.totals),
    asOf: { a: timeFromWire(report.aAsOf) ?? unknownTime, b: timeFromWire(report.bAsOf) ?? unknownTime },
    namespaces: { a: report.aNamespaces, b: report.bNamespaces },
    kinds: report.kinds.map(({ part, kind, amount }) => ({
      part: comparedPartFromWire(part),
      kind: comparedKindFromWire(kind),
      ...amountFromWire(amount),
    })),
    ...(report.knowsImages && { images }),
  };
}

function totalsToWire(totals: CompareTotals): WireTotals {
  return create(CompareTotalsSchema, {
    onlyA: amountToWire(totals["only-a"]),
    both: amountToWire(totals.both),
    onlyB: amountToWire(totals["only-b"]),
  });
}

function totalsFromWire(totals: WireTotals | undefined): CompareTotals {
  return {
    "only-a": amountFromWire(totals?.onlyA),
    both: amountFromWire(totals?.both),
    "only-b": amountFromWire(totals?.onlyB),
  };
}

function amountToWire({ blobs, bytes }: BlobAmount): WireAmount {
  return create(BlobAmountSchema, { blobs: int64ToWire(blobs, "blobs"), bytes: int64ToWire(bytes, "bytes") });
}

function amountFromWire(amount: WireAmount | undefined): BlobAmount {
  return { blobs: int64FromWire(amount?.blobs ?? 0n, "blobs"), bytes: int64FromWire(amount?.bytes ?? 0n, "bytes") };
}

/** A blob of a report, for the wire. */
export function differentBlobToWire({ digest, size, namespace, kind }: DifferentBlob): WireBlob {
  return create(DifferentBlobSchema, {
    digest,
    size: int64ToWire(size, "size"),
    namespace,
    kind: comparedKindToWire(kind),
  });
}

const kinds: Readonly<Record<ComparedKind, DifferentBlob_Kind>> = {
  unknown: DifferentBlob_Kind.UNSPECIFIED,
  manifest: DifferentBlob_Kind.MANIFEST,
  index: DifferentBlob_Kind.INDEX,
  config: DifferentBlob_Kind.CONFIG,
  layer: DifferentBlob_Kind.LAYER,
  attestation: DifferentBlob_Kind.ATTESTATION,
};

/** A kind for the wire. */
export function comparedKindToWire(kind: ComparedKind): DifferentBlob_Kind {
  return kinds[kind];
}

/** A kind; what a newer peer knows besides is unknown. */
export function comparedKindFromWire(kind: DifferentBlob_Kind): ComparedKind {
  const names = Object.keys(kinds) as ComparedKind[];
  return names.find((name) => kinds[name] === kind) ?? "unknown";
}

/** A blob of a report. @throws `invalid-argument` for a digest that is none, a number beyond 2^53-1 */
export function differentBlobFromWire({ digest, size, namespace, kind }: WireBlob): DifferentBlob {
  return {
    digest: parseDigest(digest),
    size: int64FromWire(size, "size"),
    namespace,
    kind: comparedKindFromWire(kind),
  };
}

/** A name that stands for different digests, for the wire. */
export function otherDigestToWire({ name, a, b }: OtherDigest): WireOther {
  return create(OtherDigestSchema, {
    name,
    aDigest: a.digest,
    bDigest: b.digest,
    aNamespace: a.namespace,
    bNamespace: b.namespace,
  });
}

/** A name that stands for different digests. @throws `invalid-argument` for a digest that is none */
export function otherDigestFromWire(other: WireOther): OtherDigest {
  return {
    name: other.name,
    a: { digest: parseDigest(other.aDigest), namespace: other.aNamespace },
    b: { digest: parseDigest(other.bDigest), namespace: other.bNamespace },
  };
}

/** How far a copy is, for the wire. */
export function copyProgressToWire(progress: CopyMissingProgress): CopyProgress {
  const { copy, target, wanted, copied, present, failed, activeBytes, failures, images, failedImages, lease } =
    progress;
  return create(CopyProgressSchema, {
    copy,
    ...target,
    wanted: amountToWire(wanted),
    copied: amountToWire(copied),
    present: amountToWire(present),
    failed: amountToWire(failed),
    activeBytes: int64ToWire(activeBytes, "active_bytes"),
    failures: failures.map(({ digest, size, reason }) => ({ digest, size: int64ToWire(size, "size"), reason })),
    images: int64ToWire(images, "images"),
    failedImages: int64ToWire(failedImages, "failed_images"),
    lease: lease?.id ?? "",
    ...(lease && { leaseExpiresAt: timeToWire(lease.expiresAt) }),
    complete: progress.complete,
    givenUp: progress.givenUp,
  });
}

/** How far a copy is. @throws `invalid-argument` for a digest that is none, a number beyond 2^53-1 */
export function copyProgressFromWire(progress: CopyProgress): CopyMissingProgress {
  const { copy, store, namespace, wanted, copied, present, failed, failures, lease, complete, givenUp } = progress;
  const expiresAt = timeFromWire(progress.leaseExpiresAt);
  return {
    copy,
    target: { store, namespace },
    wanted: amountFromWire(wanted),
    copied: amountFromWire(copied),
    present: amountFromWire(present),
    failed: amountFromWire(failed),
    activeBytes: int64FromWire(progress.activeBytes, "active_bytes"),
    failures: failures.map(({ digest, size, reason }) => ({
      digest: parseDigest(digest),
      size: int64FromWire(size, "size"),
      reason,
    })),
    images: int64FromWire(progress.images, "images"),
    failedImages: int64FromWire(progress.failedImages, "failed_images"),
    ...(lease !== "" && expiresAt && { lease: { id: lease, expiresAt } }),
    complete,
    givenUp,
  };
}
