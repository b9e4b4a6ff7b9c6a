import { create } from "@bufbuild/protobuf";
import type { FetchMissingResponse, GetMissingResponse, GetTroubleResponse } from "../../gen/stowage/v1/catalog_pb.js";
import {
  FetchMissingResponseSchema,
  GetMissingResponseSchema,
  GetTroubleResponseSchema,
} from "../../gen/stowage/v1/catalog_pb.js";
import type { FetchProgress, Missing, Trouble } from "../catalog.ts";
import { parseDigest } from "../parse-digest.ts";
import { int64FromWire, int64ToWire } from "./scalars.ts";

/** What is in trouble, for the wire. */
export function troubleToWire({ leakedLeases, isComplete }: Trouble): GetTroubleResponse {
  return create(GetTroubleResponseSchema, {
    leakedLeases: int64ToWire(leakedLeases, "leaked_leases"),
    complete: isComplete,
  });
}

/** What is in trouble. @throws `invalid-argument` for a number beyond 2^53-1 */
export function troubleFromWire({ leakedLeases, complete }: GetTroubleResponse): Trouble {
  return { leakedLeases: int64FromWire(leakedLeases, "leaked_leases"), isComplete: complete };
}

/** What an image lacks, for the wire. */
export function missingToWire({ blobs, count, truncated }: Missing): GetMissingResponse {
  return create(GetMissingResponseSchema, {
    blobs: blobs.map(({ digest, mediaType, size, platforms }) => ({
      digest,
      mediaType,
      size: int64ToWire(size, "size"),
      platforms: [...platforms],
    })),
    count: int64ToWire(count, "count"),
    truncated,
  });
}

/** What an image lacks. @throws `invalid-argument` for a digest that is none, a number beyond 2^53-1 */
export function missingFromWire({ blobs, count, truncated }: GetMissingResponse): Missing {
  return {
    blobs: blobs.map(({ digest, mediaType, size, platforms }) => ({
      digest: parseDigest(digest),
      mediaType,
      size: int64FromWire(size, "size"),
      platforms,
    })),
    count: int64FromWire(count, "count"),
    truncated,
  };
}

/** How far a fetch is, for the wire. */
export function fetchProgressToWire(progress: FetchProgress): FetchMissingResponse {
  return create(FetchMissingResponseSchema, {
    host: progress.host,
    blobsDone: int64ToWire(progress.blobsDone, "blobs_done"),
    blobs: int64ToWire(progress.blobs, "blobs"),
    bytesDone: int64ToWire(progress.bytesDone, "bytes_done"),
    bytes: int64ToWire(progress.bytes, "bytes"),
    complete: progress.complete,
  });
}

/** How far a fetch is. @throws `invalid-argument` for a number beyond 2^53-1 */
export function fetchProgressFromWire(progress: FetchMissingResponse): FetchProgress {
  return {
    host: progress.host,
    blobsDone: int64FromWire(progress.blobsDone, "blobs_done"),
    blobs: int64FromWire(progress.blobs, "blobs"),
    bytesDone: int64FromWire(progress.bytesDone, "bytes_done"),
    bytes: int64FromWire(progress.bytes, "bytes"),
    complete: progress.complete,
  };
}
