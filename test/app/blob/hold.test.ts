import { expect, test } from "vitest";
import { hrefOfHolder, wordsOfHold } from "../../../app/blob/hold.ts";
import type { Holder } from "../../../content/catalog.ts";

const image: Holder = { kind: "image", key: "registry.example/app:1", distance: 2 };
const lease: Holder = { kind: "lease", key: "pull", distance: 1 };

test("what holds a blob is named, and how many more do", () => {
  expect(wordsOfHold({ state: "held", holders: [image, lease], complete: true }, "moby")).toEqual({
    tone: "plain",
    before: "Held by image ",
    first: { name: image.key, href: "/images?ns=moby&peek=moby/registry.example%2Fapp%3A1" },
    after: " and 1 more",
  });
  expect(wordsOfHold({ state: "held", holders: [lease, image], complete: false }, "moby").after).toBe(
    " and at least 1 more",
  );
});

test("what nothing holds says whether the next collection takes it", () => {
  const nothing = { holders: [], complete: true };
  expect(wordsOfHold({ state: "doomed", ...nothing }, "moby").tone).toBe("warn");
  expect(wordsOfHold({ state: "kept", ...nothing }, "moby").tone).toBe("faint");
  expect(wordsOfHold({ state: "untold", ...nothing }, "buildkit").before).toMatch(/not told/);
});

test("each kind of holder leads to where it is shown", () => {
  const paths = (["image", "lease", "root", "ingest"] as const).map((kind) =>
    hrefOfHolder({ kind, key: "x", distance: 1 }, "moby"),
  );
  expect(paths).toEqual([
    "/images?ns=moby&peek=moby/x",
    "/leases?ns=moby&peek=moby/x",
    "/blob?ns=moby&d=x",
    "/ingests?ns=moby&peek=moby/x",
  ]);
});
