import { expect, test } from "vitest";
import { createMessageSize } from "../../../content/remote/message-size.ts";

const KiB = 1024;

/** Sizes in KiB of so many messages on a line that is that fast, all the way. @param rate in KiB a second */
function sizesAt(rate: number, messages: number): readonly number[] {
  const size = createMessageSize();
  return Array.from({ length: messages }, () => {
    const { bytes } = size;
    size.answered(bytes, (bytes / KiB / rate) * 1000);
    return Math.round(bytes / KiB);
  });
}

test("messages double up to 4 MiB on a fast line", () => {
  expect(sizesAt(100_000, 4)).toEqual([1024, 2048, 4096, 4096]);
});

test("on a slow line a message takes 10 s, and it is 64 KiB at least", () => {
  expect(sizesAt(200, 3)).toEqual([1024, 2000, 2000]);
  expect(sizesAt(20, 3)).toEqual([1024, 200, 200]);
  expect(sizesAt(1, 3)).toEqual([1024, 64, 64]);
});

test("they grow again once the line is fast, whatever the clock says, and empty ones tell nothing", () => {
  const size = createMessageSize();
  size.answered(1024 * KiB, 60_000);
  const slow = size.bytes;
  size.answered(0, 0);
  expect(size.bytes).toBe(slow);
  size.answered(slow, 0);
  expect(size.bytes).toBe(2 * slow);
});
