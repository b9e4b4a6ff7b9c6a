import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Writer } from "../../../../content/store.ts";
import { bytes, digestOf, failure, get, KiB, MiB, noise, put } from "../../../suite/support.ts";
import { makeSmallDisk } from "../../../support/small-disk.ts";
import { openPlace } from "./support.ts";

test("on a full disk a write is refused, and the ingest stays and goes on where it was once there is room", async () => {
  const { root, store } = await openPlace(await makeSmallDisk("8m"));
  const blocker = await put(store, noise(5 * MiB, 2));
  const data = noise(4 * MiB);
  const writer = await store.writer({ ref: "big" });
  const full = failure("resource-exhausted", "no space left in the store");
  await expect(writer.write(data)).rejects.toEqual(full);
  const { offset } = await writer.status();
  expect(offset).toBeLessThan(data.length);
  expect(offset % MiB).toBe(0);
  expect((await stat(join(root, "ingest", digestOf(bytes("big")).slice(7), "data"))).size).toBe(offset);
  await expect(writer.write(data.subarray(offset))).rejects.toEqual(full);
  await store.delete(blocker);
  await writer.write(data.subarray(offset, offset + 100 * KiB));
  expect(writer.digest()).toBe(digestOf(data.subarray(0, offset + 100 * KiB)));
  await writer.close();
  await using again = await store.writer({ ref: "big", descriptor: { digest: digestOf(data) } });
  expect(await again.status()).toMatchObject({ offset: offset + 100 * KiB });
  await again.write(data.subarray(offset + 100 * KiB));
  expect((await get(store, await again.commit())).equals(data)).toBe(true);
});

test("on a full disk no ingest is begun, none is left half made, and what is stored can be read", async () => {
  const { store } = await openPlace(await makeSmallDisk("8m"));
  const kept = await put(store, bytes("kept"));
  await expect(put(store, noise(9 * MiB), { ref: "filler" })).rejects.toEqual(failure("resource-exhausted"));
  const filler = await store.writer({ ref: "filler" });
  for (let piece = MiB; piece >= KiB; piece /= 2) await fill(filler, noise(piece));
  await filler.close();
  await expect(store.writer({ ref: "new" })).rejects.toEqual(failure("resource-exhausted"));
  await expect(store.status("new")).rejects.toEqual(failure("not-found"));
  expect((await get(store, kept)).toString()).toBe("kept");
  await store.abort("filler");
  expect(await put(store, bytes("new"), { ref: "new" })).toBe(digestOf(bytes("new")));
});

/** Write until there is no room for such a piece. */
async function fill(writer: Writer, piece: Uint8Array): Promise<void> {
  for (let pieces = 0; pieces < 100; pieces += 1) {
    try {
      await writer.write(piece);
    } catch (error) {
      expect(error).toEqual(failure("resource-exhausted"));
      return;
    }
  }
}
