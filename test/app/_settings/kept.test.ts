import { beforeEach, expect, test, vi } from "vitest";
import { ingestThresholds } from "../../../content/ingest-state.ts";
import { browserThatKeeps } from "./browser.ts";

const browser = browserThatKeeps();

beforeEach(() => vi.resetModules());

const openThresholds = async () => (await import("../../../app/_settings/thresholds.ts")).thresholdsSetting;
const openKeys = () => import("../../../app/_settings/keys.ts");

test("only thresholds that were changed are kept, so that others follow what a new version holds right", async () => {
  const setting = await openThresholds();
  setting.set({ ...setting.get(), waitingMs: 9000 });
  expect([...browser.texts]).toEqual([["stowage-thresholds", '{"waitingMs":9000}']]);
});

test.each([
  ['{"waitingMs":9000,"emptyMs":60000}', { waitingMs: 9000, emptyMs: 60_000 }],
  ['{"waitingMs":30000,"emptyMs":60000}', { emptyMs: 60_000 }],
  ['{"waitingMs":"9000","crawlingEtaMs":0.5,"stalledMs":1,"__proto__":{"emptyMs":1}}', {}],
  ["[]", {}],
  ["{", {}],
  ["null", {}],
])("of kept thresholds %s those hold that can be ones", async (text, changed) => {
  browser.texts.set("stowage-thresholds", text);
  expect((await openThresholds()).get()).toEqual({ ...ingestThresholds, ...changed });
});

test("a key does what its place was made for, and the one before it nothing", async () => {
  const { keysSetting, chosenKeys, meantBy } = await openKeys();
  keysSetting.set({ c: "z", "g c": "g z" });
  expect(["c", "g c", "x"].map((keys) => chosenKeys(keys))).toEqual(["z", "g z", "x"]);
  expect(["z", "c", "x", "toString"].map((key) => meantBy(key))).toEqual(["c", "", "x", "toString"]);
});

test.each(['{"c":"Escape"}', '{"c":" "}', '{"c":"a b c"}', '{"c":"z","d":"z"}', '{"c":5}', '"c"'])(
  "kept keys %s, which cannot be meant, change nothing",
  async (text) => {
    browser.texts.set("stowage-keys", text);
    const { chosenKeys } = await openKeys();
    expect(["c", "d"].map((keys) => chosenKeys(keys))).toEqual(["c", "d"]);
  },
);
