import { describe, expect, test } from "vitest";
import { validateIdentifier, validateNamespace, validateRef } from "../../content/identifiers.ts";

const invalid = (text: string) => expect.objectContaining({ kind: "invalid-argument", message: text });

describe("an identifier", () => {
  test.each(["a", "default", "k8s.io", "a_b-c.d", "0", "a".repeat(76)])("%j is one", (text) => {
    expect(() => validateIdentifier(text)).not.toThrow();
  });
  test.each(["a..b", ".a", "a.", "a/b", "../x", "a b", "a\n", "é", 'a"b'])("%j is none", (text) => {
    expect(() => validateIdentifier(text)).toThrow(
      expect.objectContaining({
        kind: "invalid-argument",
        message: expect.stringMatching(
          /^identifier ".*" must match \^\[A-Za-z0-9\]\+\(\?:\[\._-\]\(\?:\[A-Za-z0-9\]\+\)\)\*\$$/,
        ),
      }),
    );
  });
  test("is not empty", () => {
    expect(() => validateIdentifier("")).toThrow(invalid("identifier must not be empty"));
  });
  test("has 76 bytes at most", () => {
    const long = "a".repeat(77);
    expect(() => validateIdentifier(long)).toThrow(
      invalid(`identifier "${long}" greater than maximum length (76 characters)`),
    );
    expect(() => validateIdentifier("é".repeat(39))).toThrow("greater than maximum length");
  });
});

test("a namespace of a call that is not valid is told as such", () => {
  expect(() => validateNamespace("a b")).toThrow(
    invalid('namespace validation: identifier "a b" must match ^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$'),
  );
  expect(() => validateNamespace("moby")).not.toThrow();
});

describe("a ref", () => {
  test.each(["x", "layer-sha256:9f2c", "with spaces / and é", "a".repeat(1024), "é".repeat(512)])(
    "%j is one",
    (ref) => {
      expect(() => validateRef(ref)).not.toThrow();
    },
  );
  test.each([
    ["", "ref must not be empty"],
    ["a".repeat(1025), "ref greater than maximum size (1024 bytes)"],
    [`${"é".repeat(512)}x`, "ref greater than maximum size (1024 bytes)"],
    ["a\0b", "ref must not hold a NUL"],
    ["a\ud800", "ref must be UTF-8"],
  ])("%j is none", (ref, text) => {
    expect(() => validateRef(ref)).toThrow(invalid(text));
  });
});
