import { expect, test } from "vitest";
import { createPages, pageLimits } from "../../../app/content/pages.ts";

const quick = { pauseMs: 0, refreshMs: 0, keyOf: String };
const page = (skip: number, size: number) => ({
  rows: Array.from({ length: size }, (_, index) => skip + index),
  total: 1_000_000,
});

test("pages that are looked at come, and rows are found by place and by key", async () => {
  const asked: number[] = [];
  const pages = createPages<number>({
    ...quick,
    fetch: async (skip, size) => {
      asked.push(skip);
      return page(skip, size);
    },
  });
  pages.want(390, 410);
  expect(pages.get().at(390)).toBeUndefined();
  await expect.poll(() => pages.get().at(409)).toBe(409);
  expect(asked.toSorted()).toEqual([200, 400]);
  expect(pages.get().placeOf("399")).toBe(399);
  expect(pages.get().placeOf("199")).toBe(-1);
  pages.close();
});

test("the first look is asked for at once, and the next one not sooner than it may be", async () => {
  const asked: number[] = [];
  const pages = createPages<number>({
    ...quick,
    pauseMs: 50,
    fetch: async (skip, size) => {
      asked.push(skip);
      return page(skip, size);
    },
  });
  pages.want(0, 1);
  expect(asked).toEqual([0]);
  pages.want(1000, 1001);
  pages.want(2000, 2001);
  expect(asked).toEqual([0]);
  await expect.poll(() => pages.get().at(2000)).toBe(2000);
  expect(asked).toEqual([0, 2000]);
  pages.close();
});

test("pages that were looked at longest ago are let go", async () => {
  const pages = createPages<number>({ ...quick, fetch: async (skip, size) => page(skip, size) });
  for (let page = 0; page <= pageLimits.pages; page += 1) {
    pages.want(page * pageLimits.rows, page * pageLimits.rows + 1);
    await expect.poll(() => pages.get().at(page * pageLimits.rows)).toBe(page * pageLimits.rows);
  }
  expect(pages.get().at(0)).toBeUndefined();
  expect(pages.get().at(pageLimits.rows)).toBe(pageLimits.rows);
  pages.close();
});

test("what is looked at stays until it came anew, all at once", async () => {
  let shift = 0;
  const pages = createPages<number>({ ...quick, fetch: async (skip, size) => page(skip + shift, size) });
  pages.want(190, 210);
  await expect.poll(() => pages.get().at(190)).toBe(190);
  shift = 5;
  pages.refresh();
  expect(pages.get().at(190)).toBe(190);
  await expect.poll(() => pages.get().at(190)).toBe(195);
  expect(pages.get().at(205)).toBe(210);
  pages.close();
});

test("a fetch that fails is tried again, and a server without pages is not asked twice", async () => {
  let tries = 0;
  const failing = createPages<number>({
    ...quick,
    fetch: async (skip, size) => {
      tries += 1;
      if (tries === 1) throw new Error("cut");
      return page(skip, size);
    },
  });
  failing.want(0, 1);
  await expect.poll(() => failing.get().at(0)).toBe(0);
  failing.close();
  const none = createPages<number>({ ...quick, fetch: async () => undefined });
  none.want(0, 1);
  await expect.poll(() => none.get().areServed).toBe(false);
  none.close();
});
