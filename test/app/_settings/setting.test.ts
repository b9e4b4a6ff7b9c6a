import { expect, test, vi } from "vitest";
import { createSetting, oneOf } from "../../../app/_settings/setting.ts";
import { browserThatKeeps } from "./browser.ts";

const browser = browserThatKeeps();

const openDensity = () => createSetting(oneOf("density", ["comfortable", "compact"]));

test("what is chosen holds at once, and is kept for the next page", () => {
  const setting = openDensity();
  const heard = vi.fn();
  setting.subscribe(heard);
  setting.set("compact");
  expect(setting.get()).toBe("compact");
  expect(heard).toHaveBeenCalledTimes(1);
  expect(openDensity().get()).toBe("compact");
});

test("what is reset is as if nobody had chosen, and nothing of it is kept", () => {
  const setting = openDensity();
  setting.set("compact");
  setting.reset();
  expect(setting.get()).toBe("comfortable");
  expect(browser.texts.size).toBe(0);
});

test("what another tab chooses holds here too", () => {
  const setting = openDensity();
  browser.elsewhere("density", "compact");
  expect(setting.get()).toBe("compact");
  browser.elsewhere("other", "x");
  expect(setting.get()).toBe("compact");
  browser.elsewhere(null);
  expect(setting.get()).toBe("comfortable");
});

test("a kept text that means nothing is as if nobody had chosen", () => {
  browser.texts.set("density", "huge");
  expect(openDensity().get()).toBe("comfortable");
});

test("in a browser that keeps nothing a choice holds until the page is left", () => {
  const refuse = () => {
    throw new DOMException("no", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse, removeItem: refuse });
  const setting = openDensity();
  expect(setting.get()).toBe("comfortable");
  setting.set("compact");
  expect(setting.get()).toBe("compact");
});
