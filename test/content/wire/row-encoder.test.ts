import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toMoment } from "../../../content/instant.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { EncodedRow } from "../../../content/wire/row-encoder.ts";
import { createRowEncoder } from "../../../content/wire/row-encoder.ts";
import { blobToWire, infoToWire } from "../../../content/wire.ts";
import { ListContentResponseSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { InfoBatchSchema } from "../../../gen/stowage/v1/content_pb.js";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });

const text = fc.oneof(
  fc.string({ maxLength: 120 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: fc.constantFrom("a", "é", "漢", "📦"), minLength: 90, maxLength: 400 }),
);

const micros = fc.oneof(
  fc.integer({ min: -2_000_000_000_000_000, max: 4_000_000_000_000_000 }),
  fc.constantFrom(0, 1, -1, 999_999, 1_000_000),
);

const row: fc.Arbitrary<EncodedRow> = fc.record({
  namespace: fc.constantFrom("k8s.io", "n", "x".repeat(76)),
  digest: fc.oneof(
    hex(64).map((end) => `sha256:${end}`),
    hex(128).map((end) => `sha512:${end}`),
  ),
  size: fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER)),
  createdMicros: micros,
  updatedMicros: micros,
  labels: fc.dictionary(text, text, { maxKeys: 5 }),
});

function blobOf({ namespace, digest, size, createdMicros, updatedMicros, labels }: EncodedRow) {
  const [createdAt, updatedAt] = [toMoment(createdMicros), toMoment(updatedMicros)];
  return { namespace, info: { digest: parseDigest(digest), size, createdAt, updatedAt, labels } };
}

test("any rows are the bytes that the generated code writes for them, also after others were taken", () => {
  const encoder = createRowEncoder(1);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
      for (const each of rows) encoder.addItem(each);
      const items = rows.map((each) => blobToWire(blobOf(each)));
      expect(encoder.take()).toEqual(toBinary(InfoBatchSchema, create(InfoBatchSchema, { items })));
      for (const each of rows) encoder.addInfo(each);
      const infos = rows.map((each) => infoToWire(blobOf(each).info));
      expect(encoder.take()).toEqual(
        toBinary(ListContentResponseSchema, create(ListContentResponseSchema, { info: infos })),
      );
    }),
    { numRuns: 500 },
  );
});

test("a label of 4 KiB and a thousand labels fit", () => {
  const labels = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, "v".repeat(4090)]));
  const row = {
    namespace: "n",
    digest: `sha256:${"a".repeat(64)}`,
    size: 1,
    createdMicros: 1,
    updatedMicros: 2,
    labels,
  };
  const encoder = createRowEncoder();
  encoder.addItem(row);
  expect(encoder.length).toBeGreaterThan(4_000_000);
  const items = [blobToWire(blobOf(row))];
  expect(encoder.take()).toEqual(toBinary(InfoBatchSchema, create(InfoBatchSchema, { items })));
  expect(encoder.length).toBe(0);
});
