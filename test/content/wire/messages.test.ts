import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { Blob, EndedIngest, Ingest } from "../../../content/remote/events.ts";
import type { Info, Status } from "../../../content/store.ts";
import {
  blobFromWire,
  blobToWire,
  endedIngestFromWire,
  endedIngestToWire,
  infoFromWire,
  infoToWire,
  ingestFromWire,
  ingestToWire,
  selectionFromWire,
  selectionToWire,
  statusFromWire,
  statusToWire,
} from "../../../content/wire.ts";
import { InfoSchema, StatusSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import {
  type IngestEnd_Outcome,
  IngestEndSchema,
  IngestSchema,
  ItemSchema,
} from "../../../gen/stowage/v1/content_pb.js";

const digest = parseDigest(`sha256:${"a1".repeat(32)}`);
const at = new Date("2026-11-24T09:10:11.123Z");
const later = new Date("2026-11-24T09:10:12.000Z");
const info: Info = {
  digest,
  size: Number.MAX_SAFE_INTEGER,
  createdAt: at,
  updatedAt: later,
  labels: { a: "b", "": "" },
};
const status: Status = { ref: "upload-1", offset: 5, total: 10, expected: digest, startedAt: at, updatedAt: later };

test("an Info comes back as it was", () => {
  const bytes = toBinary(InfoSchema, infoToWire(info));
  expect(infoFromWire(fromBinary(InfoSchema, bytes))).toEqual(info);
});

test("an Info without updated_at was updated when it was created, as containerd 1.6 lists it", () => {
  const { updatedAt, ...listed } = infoToWire(info);
  expect(updatedAt).toBeDefined();
  expect(infoFromWire(create(InfoSchema, listed)).updatedAt).toEqual(at);
});

test("an Info with a malformed digest is refused", () => {
  expect(() => infoFromWire(create(InfoSchema, { digest: "sha256:zz" }))).toThrow(
    expect.objectContaining({ kind: "invalid-argument" }),
  );
});

describe("a Status", () => {
  test("comes back as it was", () => {
    const bytes = toBinary(StatusSchema, statusToWire(status));
    expect(statusFromWire(fromBinary(StatusSchema, bytes))).toEqual(status);
  });

  test("that declares nothing has no expected and total 0", () => {
    const wire = create(StatusSchema, { ref: "r", startedAt: { seconds: 1n }, updatedAt: { seconds: 1n } });
    const time = new Date(1000);
    expect(statusFromWire(wire)).toStrictEqual({ ref: "r", offset: 0, total: 0, startedAt: time, updatedAt: time });
  });
});

test("a Selection comes back, and an absent one selects everything", () => {
  const selection = { filters: ["size>1"], regexp: "^a", namespaces: ["*"], query: "size:>1B" };
  expect(selectionFromWire(selectionToWire(selection))).toEqual(selection);
  expect(selectionFromWire(undefined)).toEqual({ filters: [], regexp: "", namespaces: [], query: "" });
});

test("a blob in a namespace comes back as it was", () => {
  const blob: Blob = { namespace: "default", info };
  expect(blobFromWire(fromBinary(ItemSchema, toBinary(ItemSchema, blobToWire(blob))))).toEqual(blob);
});

test("an ingest comes back in every state, with and without what only some have", () => {
  const plain = { namespace: "default", status, holder: "", rateBytesPerSecond: 0, lastError: "" };
  const ingests: Ingest[] = [
    { ...plain, state: "writing", holder: "mei", lockedAt: at, rateBytesPerSecond: 12 },
    { ...plain, state: "stalled", lockedAt: at },
    { ...plain, state: "resumable", expiresAt: later, lastError: "unexpected commit size 1, expected 2" },
    { ...plain, state: "unknown" },
  ];
  for (const ingest of ingests) {
    const bytes = toBinary(IngestSchema, ingestToWire(ingest));
    expect(ingestFromWire(fromBinary(IngestSchema, bytes))).toStrictEqual(ingest);
  }
});

test("the end of an ingest comes back with each outcome; one of a newer server is unknown", () => {
  const plain = { namespace: "default", ref: "r", size: 3, by: "mei", startedAt: at, endedAt: later };
  const ends: EndedIngest[] = [
    { ...plain, outcome: "committed", digest },
    { ...plain, outcome: "existed", digest },
    { ...plain, outcome: "aborted" },
    { ...plain, outcome: "expired" },
    { ...plain, outcome: "unknown" },
  ];
  for (const end of ends) {
    const bytes = toBinary(IngestEndSchema, endedIngestToWire(end));
    expect(endedIngestFromWire(fromBinary(IngestEndSchema, bytes))).toStrictEqual(end);
  }
  const strange = create(IngestEndSchema, { ref: "r", outcome: 99 as IngestEnd_Outcome });
  expect(endedIngestFromWire(strange).outcome).toBe("unknown");
});
