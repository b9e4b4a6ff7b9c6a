import { expect, test } from "vitest";
import { expiryOf, isFlat, referencesOf } from "../../content/gc-labels.ts";

const blob = { kind: "content", key: "sha256:a" } as const;
const other = { kind: "content", key: "sha256:b" } as const;

test.each([
  ["containerd.io/gc.ref.content"],
  ["containerd.io/gc.ref.content.config"],
  ["containerd.io/gc.ref.content.l.0"],
  ["containerd.io/gc.ref.content/l/0"],
])("the label %s leads from its blob to the one that it names", (label) => {
  expect(referencesOf(blob, { [label]: other.key })).toEqual([{ from: blob, to: other, label }]);
});

test("a back reference leads from the one that it names, and images are named as blobs are", () => {
  expect(referencesOf(blob, { "containerd.io/gc.bref.content.x": other.key })).toMatchObject([
    { from: other, to: blob },
  ]);
  const image = { kind: "image", key: "docker.io/library/alpine:3" } as const;
  expect(referencesOf(blob, { "containerd.io/gc.bref.image": image.key })).toMatchObject([{ from: image, to: blob }]);
  expect(referencesOf(image, { "containerd.io/gc.ref.content.sbom": other.key })).toMatchObject([
    { from: image, to: other },
  ]);
});

test("a root label leads to its blob from everywhere, with any value, and means nothing on an image", () => {
  const label = "containerd.io/gc.root";
  expect(referencesOf(blob, { [label]: "2026-01-01" })).toEqual([{ from: "root", to: blob, label }]);
  expect(referencesOf({ kind: "image", key: "a" }, { [label]: "x" })).toEqual([]);
});

test.each([
  ["containerd.io/gc.ref.contents"],
  ["containerd.io/gc.ref.contentx.l"],
  ["containerd.io/gc.ref.snapshot.overlayfs"],
  ["containerd.io/gc.bref.container"],
  ["x/containerd.io/gc.ref.content"],
  ["containerd.io/gc.expire"],
])("the label %s leads nowhere", (label) => {
  expect(referencesOf(blob, { [label]: other.key })).toEqual([]);
});

test.each([
  ["2026-11-24T18:00:00Z", Date.UTC(2026, 10, 24, 18)],
  ["2026-11-24T18:00:00+02:00", Date.UTC(2026, 10, 24, 16)],
  ["2026-11-24T18:00:00.5Z", Date.UTC(2026, 10, 24, 18) + 500],
  ["2026-11-24T18:00:00.123456789Z", Date.UTC(2026, 10, 24, 18) + 123],
])("%s is a time to expire at", (text, ms) => {
  expect(expiryOf({ "containerd.io/gc.expire": text })).toBe(ms);
});

test.each([[""], ["tomorrow"], ["2026-11-24"], ["2026-13-24T18:00:00Z"], ["2026-11-24 18:00:00Z"]])(
  "%j is no time, and what has it never expires",
  (text) => {
    expect(expiryOf({ "containerd.io/gc.expire": text })).toBeUndefined();
  },
);

test("a lease is flat by the label, whatever its value", () => {
  expect(isFlat({ "containerd.io/gc.flat": "x" })).toBe(true);
  expect(isFlat({})).toBe(false);
});
