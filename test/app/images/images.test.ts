import { expect, test } from "vitest";
import { repositoryKey } from "../../../app/_live/catalog-events.ts";
import { attestationsOf, shortPlatform } from "../../../app/images/attested.ts";
import { imageChoice, imageLines, namesLines, tagOf } from "../../../app/images/image-line.ts";
import { isUntagged, namedImage } from "../../../app/images/kind.ts";
import { consequencesOf } from "../../../app/images/untag.ts";
import type { ImageRow } from "../../../content/catalog.ts";
import { held, imageOf } from "../_catalog/rows.ts";

const byName = [{ id: "name", isDescending: false }];
const sha = `sha256:${"ee".repeat(32)}`;

function linesOf(rows: readonly ImageRow[], sort = byName, wanted?: readonly string[]) {
  const all = namesLines(rows.map((row) => held<"images">(row)));
  const keys = new Set(wanted ?? rows.map(({ namespace, image }) => `${namespace} ${image.name}`));
  const together = { namespace: "default", repository: "app", images: 3, bytes: 19, overlapBytes: 12 };
  return imageLines(all, keys, new Map([[repositoryKey("default", "app"), together]]), sort);
}

const words = (lines: ReturnType<typeof linesOf>) =>
  lines.map((line) =>
    line.kind === "heading"
      ? `# ${line.repository} ${line.shown}/${line.count} ${line.together?.overlapBytes ?? "-"}`
      : `${line.isGrouped ? "  " : ""}${line.images.map(({ image }) => image.name).join(" ")}`,
  );

const rows = [
  imageOf("app:10", "bb"),
  imageOf("app:9", "aa"),
  imageOf("app:latest", "bb"),
  imageOf("tool:1", "cc"),
  imageOf("app:9", "aa", { namespace: "moby" }),
];

test("by name, images of a repository stand below a heading, and names of one target are one line", () => {
  expect(words(linesOf(rows))).toEqual(["# app 3/3 12", "  app:9", "  app:10 app:latest", "app:9", "tool:1"]);
});

test("a line that is asked for by one of its names has all of them, and its heading says how many are shown", () => {
  expect(words(linesOf(rows, byName, ["default app:latest"]))).toEqual(["# app 2/3 12", "  app:10 app:latest"]);
});

test("in another order there are no headings", () => {
  const bySize = [{ id: "size", isDescending: true }];
  const sized = [
    imageOf("app:1", "aa", { bytes: 1 }),
    imageOf("app:2", "bb", { bytes: 2 }),
    imageOf("z:1", "cc", { bytes: 3 }),
  ];
  expect(words(linesOf(sized, bySize))).toEqual(["z:1", "app:2", "app:1"]);
});

test("a line stays while one of its names does, and cannot be chosen once all are gone", () => {
  const first = held<"images">(imageOf("app:1"), { goneAt: 5 });
  const [line] = namesLines([first, held<"images">(imageOf("app:2"))]);
  expect(line?.images.map(({ image }) => image.name)).toEqual(["app:2"]);
  expect(line?.goneAt).toBeUndefined();
  const [gone] = namesLines([first]);
  expect(gone?.goneAt).toBe(5);
  expect(gone && imageChoice.isGone(gone)).toBe(true);
});

test("a name without a tag shows its digest, or that it has none", () => {
  expect(
    ["app:1", `app@${sha}`, "app", sha, `app:1@${sha}`, "host:5000/app"].map((name) => [tagOf(name), isUntagged(name)]),
  ).toEqual([
    ["1", false],
    [`@${sha}`, true],
    ["", true],
    [sha, true],
    ["1", false],
    ["", true],
  ]);
});

test("states of an image are what is missing of it, and that it has no tag", () => {
  expect(namedImage(imageOf("app:1")).states).toEqual([]);
  expect(namedImage(imageOf("app", "aa", { blobsPresent: 1 })).states).toEqual(["incomplete", "untagged"]);
});

test("untagging frees nothing while another name keeps the target, here or in another namespace", () => {
  const [one, two] = [imageOf("app:1"), imageOf("app:2")];
  const other = imageOf("app:1", "aa", { namespace: "moby" });
  expect(consequencesOf([one], [one, two])).toEqual({
    stay: ["app:2"],
    elsewhere: [],
    freedBytes: 0,
    sharedBytes: 1000,
  });
  expect(consequencesOf([one], [one, other])).toMatchObject({ stay: [], elsewhere: ["moby"], freedBytes: 0 });
});

test("untagging the last names of a target frees what no other image leads to", () => {
  const [one, two] = [imageOf("app:1"), imageOf("app:2")];
  const shared = imageOf("tool:1", "cc");
  expect(consequencesOf([one, two], [one, two, shared])).toEqual({
    stay: [],
    elsewhere: [],
    freedBytes: 100,
    sharedBytes: 900,
  });
});

test("attestations are told by their kinds, platforms without what most have", () => {
  const types = ["https://spdx.dev/Document", "https://cyclonedx.org/bom", "https://slsa.dev/provenance/v1", "x"];
  expect(attestationsOf(types)).toEqual(["SBOM", "provenance", "other"]);
  expect(["linux/amd64", "linux/arm/v7", "windows/amd64"].map(shortPlatform)).toEqual([
    "amd64",
    "arm/v7",
    "windows/amd64",
  ]);
});
