import fc from "fast-check";
import { Instant } from "../../../content/instant.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Condition, Matcher, Target } from "../../../content/query.ts";
import { formatTerm } from "../../../content/query.ts";
import type { Blob, Ingest } from "../../../content/remote/events.ts";

/** What ages are counted from in these tests. */
export const now = new Date("2026-03-04T14:02:11Z");

const keys = ["team", "kind", "containerd.io/gc.root", "odd key", "a=b", "/etc"];
const texts = [
  "payments",
  "two words",
  "layer-sha256:9f",
  "/etc",
  "-x",
  'a"b\\',
  "size:1",
  "9f2c41",
  "sha256:9f2c41ff",
];
const patterns = ["^9f", "a/b", "two words", "(?i)PAY", "\\d{2}", "\\\\/", "\\Q/a|b", "", "x|^$"];
const namespaces = ["default", "k8s.io", "moby"];

/** Texts that the language is made of, in any order. */
export const queryTexts = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        ...'- " \\ / = : :: .. < >= ns label: label:k= size: age: updated: digest: ref: state: held: x'.split(" "),
        ...[" ", "\u00a0", "9f2c41", "sha256:", "1MiB", "7d", "moby", "stalled", "é", "\u{1f600}", "(", "[a-f]"],
      ),
      { maxLength: 24 },
    )
    .map((all) => all.join("")),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
);

const literals = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }));
const literal = literals.map((text): Matcher => ({ kind: "literal", text }));
const regexp = fc
  .constantFrom(...patterns.filter((pattern) => pattern !== ""))
  .map((pattern) => ({ kind: "regexp", pattern }) as const);
const matcher = fc.oneof(literal, regexp);
const labelValue = fc.oneof(matcher, fc.constant<Matcher>({ kind: "literal", text: "" }));

function open(value: fc.Arbitrary<number>) {
  return fc.record({ operator: fc.constantFrom("<", "<=", ">", ">="), value });
}

function between(value: fc.Arbitrary<number>) {
  return fc
    .tuple(value, value)
    .map(([a, b]) => ({ operator: "..", from: Math.min(a, b), to: Math.max(a, b) }) as const);
}

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc.constantFrom(1024, 1536, 1_331_439_862, 2 ** 40),
  fc.maxSafeNat(),
);
const seconds = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 100 * 365 * 86_400 }));

const sizeRange = fc.oneof(
  open(sizes),
  between(sizes),
  sizes.map((value) => ({ operator: "=", value }) as const),
);
const ageRange = fc.oneof(open(seconds), between(seconds));

const prefix = fc
  .record(
    {
      algorithm: fc.constantFrom("sha256", "sha384", "sha512"),
      hex: fc.oneof(
        fc.constantFrom("9f2c41", "9", "0".repeat(64), "ab".repeat(48)),
        fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 1, maxLength: 64 }),
      ),
    },
    { requiredKeys: ["hex"] },
  )
  .map((all) => (all.hex.length > 64 ? { hex: all.hex } : all))
  .map((all) => ({ kind: "prefix", ...all }) as const);

/** Anything that a query of blobs can ask. */
export const blobConditions: fc.Arbitrary<Condition<"blobs">> = fc.oneof(
  matcher.map((found) => ({ field: "text", matcher: found }) as const),
  fc.oneof(prefix, regexp).map((found) => ({ field: "digest", matcher: found }) as const),
  fc.constantFrom(...namespaces).map((name) => ({ field: "ns", name }) as const),
  sizeRange.map((range) => ({ field: "size", range }) as const),
  ageRange.map((range) => ({ field: "age", range }) as const),
  ageRange.map((range) => ({ field: "updated", range }) as const),
  fc.record(
    { field: fc.constant("label" as const), key: fc.constantFrom(...keys), value: labelValue },
    { requiredKeys: ["field", "key"] },
  ),
  regexp.map(({ pattern }) => ({ field: "any-label", pattern }) as const),
);

/** Anything that a query of ingests can ask. */
export const ingestConditions: fc.Arbitrary<Condition<"ingests">> = fc.oneof(
  matcher.map((found) => ({ field: "text", matcher: found }) as const),
  matcher.map((found) => ({ field: "ref", matcher: found }) as const),
  fc.constantFrom(...namespaces).map((name) => ({ field: "ns", name }) as const),
  sizeRange.map((range) => ({ field: "size", range }) as const),
  ageRange.map((range) => ({ field: "age", range }) as const),
  fc.constantFrom("writing", "stalled", "resumable").map((state) => ({ field: "state", state }) as const),
);

/** Texts of a few tokens. */
export function tokensOf<T extends Target>(conditions: fc.Arbitrary<Condition<T>>): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(conditions, fc.boolean()), { maxLength: 5 })
    .map((all) => all.map(([condition, excluded]) => formatTerm(condition, excluded)).join(" "));
}

const moments = seconds.chain((ago) =>
  fc.integer({ min: -2, max: 2 }).map((micros) => new Instant((now.getTime() - ago * 1000) * 1000 + micros)),
);

/** Blobs that the queries above are about. */
export const blobs: fc.Arbitrary<Blob> = fc.record({
  namespace: fc.constantFrom(...namespaces),
  info: fc.record({
    digest: fc
      .tuple(
        fc.constantFrom("9f2c41", "9", "000000", "ab"),
        fc.constantFrom(["sha256", 64] as const, ["sha512", 128] as const),
      )
      .map(([begin, [algorithm, length]]) => makeDigest(algorithm, begin.padEnd(length, "0"))),
    size: sizes,
    createdAt: moments,
    updatedAt: moments,
    labels: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom("", ...texts, "PAYMENTS", "12")),
  }),
});

/** Ingests that the queries above are about. */
export const ingests: fc.Arbitrary<Ingest> = fc.record({
  namespace: fc.constantFrom(...namespaces),
  status: fc.record({
    ref: fc.constantFrom(...texts, "layer-sha256:9f2c41", "upload"),
    offset: sizes,
    total: fc.constant(0),
    startedAt: moments,
    updatedAt: moments,
  }),
  state: fc.constantFrom("writing", "stalled", "resumable", "unknown"),
  holder: fc.constant(""),
  rateBytesPerSecond: fc.constant(0),
  lastError: fc.constant(""),
});
