import { create } from "@bufbuild/protobuf";
import type {
  Info as WireInfo,
  Status as WireStatus,
  WriteContentResponse,
} from "../../gen/containerd/services/content/v1/content_pb.js";
import { InfoSchema, StatusSchema } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { Digest } from "../digest.ts";
import { parseDigest } from "../parse-digest.ts";
import type { Info, Status } from "../store.ts";
import { int64FromWire, int64ToWire, timeFromWire, timeToWire, unknownTime } from "./scalars.ts";

/** A digest that the wire may leave empty: absent then. @throws `invalid-argument` for one that does not parse */
export function optionalDigestFromWire(text: string): Digest | undefined {
  return text === "" ? undefined : parseDigest(text);
}

/** An Info for the wire. @throws `invalid-argument` for a size that is no safe integer */
export function infoToWire(info: Info): WireInfo {
  return create(InfoSchema, {
    digest: info.digest,
    size: int64ToWire(info.size, "size"),
    createdAt: timeToWire(info.createdAt),
    updatedAt: timeToWire(info.updatedAt),
    labels: { ...info.labels },
  });
}

/**
 * An Info of the wire. An absent `updated_at` is `created_at`: containerd 1.6 leaves it out of List.
 *
 * @throws `invalid-argument` for a digest that does not parse, a size beyond 2^53-1
 */
export function infoFromWire(info: WireInfo): Info {
  const createdAt = timeFromWire(info.createdAt) ?? unknownTime;
  return {
    digest: parseDigest(info.digest),
    size: int64FromWire(info.size, "size"),
    createdAt,
    updatedAt: timeFromWire(info.updatedAt) ?? createdAt,
    labels: { ...info.labels },
  };
}

/** A Status for the wire. @throws `invalid-argument` for a number that is no safe integer */
export function statusToWire(status: Status): WireStatus {
  return create(StatusSchema, {
    ref: status.ref,
    offset: int64ToWire(status.offset, "offset"),
    total: int64ToWire(status.total, "total"),
    expected: status.expected ?? "",
    startedAt: timeToWire(status.startedAt),
    updatedAt: timeToWire(status.updatedAt),
  });
}

/** A Status of the wire. @throws `invalid-argument` for a digest that does not parse, a number beyond 2^53-1 */
export function statusFromWire(status: WireStatus): Status {
  const expected = optionalDigestFromWire(status.expected);
  const startedAt = timeFromWire(status.startedAt) ?? unknownTime;
  return {
    ref: status.ref,
    offset: int64FromWire(status.offset, "offset"),
    total: Math.max(0, int64FromWire(status.total, "total")),
    ...(expected !== undefined && { expected }),
    startedAt,
    updatedAt: timeFromWire(status.updatedAt) ?? startedAt,
  };
}

/**
 * The Status that an answer to STAT tells of a write.
 *
 * @param expected the declared digest, which no answer carries; absent when unknown
 * @throws `invalid-argument` for a number beyond 2^53-1
 */
export function statusFromAnswer(answer: WriteContentResponse, ref: string, expected?: Digest): Status {
  const { startedAt, updatedAt, offset, total } = answer;
  return statusFromWire(create(StatusSchema, { ref, startedAt, updatedAt, offset, total, expected: expected ?? "" }));
}
