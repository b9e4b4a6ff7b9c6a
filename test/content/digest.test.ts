import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Algorithm } from "../../content/digest.ts";
import { algorithmOf, algorithms, digestFault, hexOf, isDigest } from "../../content/digest.ts";
import { makeDigest, parseDigest } from "../../content/parse-digest.ts";

const lengths: Readonly<Record<Algorithm, number>> = { sha256: 64, sha384: 96, sha512: 128 };

const format = "invalid checksum digest format";
const length = "invalid checksum digest length";
const unsupported = "unsupported digest algorithm";

/** Texts that are no digest, with go-digest's reason. */
const faults: readonly (readonly [text: string, fault: string])[] = [
  ["", format],
  ["foo", format],
  ["sha256", format],
  ["sha256:", format],
  [":abc", format],
  ["sha256:abc", length],
  [`sha256:${"a".repeat(63)}`, length],
  [`sha256:${"a".repeat(65)}`, length],
  [`sha256:${"A".repeat(64)}`, format],
  [`sha256:${"g".repeat(64)}`, format],
  [`sha256:${"é".repeat(32)}`, format],
  [`sha256:${"a".repeat(63)}\n`, format],
  [`sha256:${"a".repeat(64)}\n`, length],
  [`sha512:${"a".repeat(64)}`, length],
  ["sha256:../../../etc/passwd", length],
  [`sha256:${"../".repeat(21)}a`, format],
  [`SHA256:${"a".repeat(64)}`, format],
  ["md5:d41d8cd98f00b204e9800998ecf8427e", unsupported],
  ["tarsum.v1+sha256:abc", unsupported],
  ["constructor:abc", unsupported],
  ["md5:!", format],
  ["a..b:c", format],
  ["md5:abc\n", format],
];

describe("a text that is no digest is refused, with go-digest's reason", () => {
  test.each(faults)("%j", (text, fault) => {
    expect(digestFault(text)).toBe(fault);
    expect(isDigest(text)).toBe(false);
    expect(() => parseDigest(text)).toThrow(
      expect.objectContaining({ kind: "invalid-argument", cause: expect.objectContaining({ message: fault }) }),
    );
  });
});

test("the text of the error is containerd's", () => {
  expect(() => parseDigest("foo")).toThrow('"foo" failed validation');
  expect(() => parseDigest('a"\n\u001b')).toThrow('"a\\"\\n\\x1b" failed validation');
});

test("sha256 is the default algorithm", () => {
  expect(algorithms).toEqual(["sha256", "sha384", "sha512"]);
});

test("a digest comes apart and together again", () => {
  const parts = fc.constantFrom(...algorithms).chain((algorithm) =>
    fc.tuple(
      fc.constant(algorithm),
      fc.string({
        unit: fc.constantFrom(..."0123456789abcdef"),
        minLength: lengths[algorithm],
        maxLength: lengths[algorithm],
      }),
    ),
  );
  fc.assert(
    fc.property(parts, ([algorithm, hex]) => {
      const digest = makeDigest(algorithm, hex);
      expect(parseDigest(digest)).toBe(digest);
      expect(algorithmOf(digest)).toBe(algorithm);
      expect(hexOf(digest)).toBe(hex);
    }),
  );
});

test("nothing that parses could leave a directory", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.constantFrom("", ...algorithms),
      (text, algorithm) => {
        const whole = `${algorithm}:${text}`;
        if (isDigest(whole)) expect(whole).toMatch(/^sha(256|384|512):[0-9a-f]+$/);
      },
    ),
  );
});
