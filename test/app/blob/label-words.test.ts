import { expect, test } from "vitest";
import { wordsOfLabel } from "../../../app/blob/label-words.ts";

test.each([
  ["containerd.io/gc.root", true],
  ["containerd.io/gc.ref.content", true],
  ["containerd.io/gc.ref.content.l.0", true],
  ["containerd.io/gc.ref.snapshot.overlayfs", true],
  ["containerd.io/gc.bref.content.x", true],
  ["containerd.io/gc.expire", true],
  ["containerd.io/distribution.source.docker.io", false],
  ["containerd.io/uncompressed", false],
])("%s is explained; that it keeps something: %s", (key, isHolding) => {
  expect(wordsOfLabel(key)).toMatchObject({ isHolding });
});

test.each(["team", "containerd.io/gc.rooted", "x-containerd.io/gc.root", "containerd.io/gc.ref.contents"])(
  "%s is a label like any other",
  (key) => {
    expect(wordsOfLabel(key)).toBeUndefined();
  },
);
