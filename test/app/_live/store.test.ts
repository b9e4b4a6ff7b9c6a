import { afterEach, expect, test, vi } from "vitest";
import { hearServerTime, onTick, serverNow, skewStore } from "../../../app/_live/clock.ts";
import { createStore } from "../../../app/_live/store.ts";
import { showPage } from "./page.ts";

showPage();

afterEach(() => vi.useRealTimers());

test("listeners hear of another value, and not of the same one", () => {
  const store = createStore(1);
  const heard: number[] = [];
  const end = store.subscribe(() => heard.push(store.get()));
  for (const value of [1, 2, 2, 3]) store.set(value);
  end();
  store.set(4);
  expect(heard).toEqual([2, 3]);
});

test("ages are by the server's clock, and the way there is no difference of clocks", () => {
  vi.useFakeTimers({ now: 1_000_000 });
  hearServerTime(new Date(1_000_200));
  expect(skewStore.get()).toBe(0);
  hearServerTime(new Date(1_090_000));
  expect(serverNow()).toBe(1_090_000);
  vi.advanceTimersByTime(500);
  expect(serverNow()).toBe(1_090_500);
  hearServerTime(new Date(1_000_500));
});

test("one timer ticks for all who listen, and only while somebody does", () => {
  vi.useFakeTimers();
  const ticks: string[] = [];
  const ends = ["a", "b"].map((name) => onTick(() => ticks.push(name)));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  for (const end of ends) end();
  expect(vi.getTimerCount()).toBe(0);
  expect(ticks).toEqual(["a", "b"]);
});

test("nothing ticks while the page is out of sight, and at once when it is back", () => {
  vi.useFakeTimers();
  let ticks = 0;
  const end = onTick(() => (ticks += 1));
  Object.assign(document, { visibilityState: "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
  vi.advanceTimersByTime(5000);
  expect(ticks).toBe(0);
  Object.assign(document, { visibilityState: "visible" });
  document.dispatchEvent(new Event("visibilitychange"));
  expect(ticks).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(ticks).toBe(2);
  end();
});
