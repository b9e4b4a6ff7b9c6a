import { expect, test } from "vitest";
import { createBlobs } from "../../../../server/stores/local/blobs.ts";
import { openLayout } from "../../../../server/stores/local/layout.ts";
import { walk } from "../../../../server/stores/local/walk.ts";
import { noise, put } from "../../../suite/support.ts";
import { openPlace } from "./support.ts";

test("a directory with more names than are held at once is walked in order, each blob once", async () => {
  const { root, store } = await openPlace();
  const written = await Promise.all(Array.from({ length: 57 }, (_, at) => put(store, noise(10, at + 1))));
  const layout = await openLayout(root);
  const blobs = createBlobs(layout);
  for (const heldNames of [1, 2, 10, 57, 1000]) {
    const infos = await Array.fromAsync(walk({ layout, blobs, heldNames }));
    expect(infos.map(({ digest }) => digest)).toEqual(written.toSorted());
  }
});
