import { expect, test } from "vitest";
import { partsOfRef } from "../../../app/ingests/ref.ts";

const hex = "ab".repeat(32);

test("a digest at the end of a ref is told apart from what is before it", () => {
  expect(partsOfRef(`layer-sha256:${hex}`)).toEqual({ prefix: "layer-", digest: `sha256:${hex}` });
  expect(partsOfRef(`sha512:${hex}${hex}`)).toEqual({ prefix: "", digest: `sha512:${hex}${hex}` });
});

test.each(["upload-model", "layer-sha256:abc", `layer-sha256:${hex} again`, `md5:${hex}`, ""])(
  "%j has no digest at its end",
  (ref) => {
    expect(partsOfRef(ref)).toEqual({ prefix: ref });
  },
);
