import { expect, test } from "vitest";
import { z } from "zod";
import { configFault } from "../../../server/plugins/config-fault.ts";

const schema = z.strictObject({
  size: z.int().min(1).default(7),
  mode: z.enum(["fast", "safe"]).optional(),
  list: z.array(z.strictObject({ name: z.string(), port: z.int().optional() })).optional(),
  tables: z.record(z.string(), z.strictObject({ on: z.boolean().optional() })).optional(),
});

test("what fits has no fault", () => {
  expect(configFault(schema, { size: 1, list: [{ name: "a" }], tables: { any: { on: true } } })).toBeUndefined();
});

test.for<[value: unknown, path: readonly PropertyKey[], text: string]>([
  [{ colour: 1 }, ["colour"], 'unknown key "colour"; allowed are list, mode, size, tables'],
  [{ list: [{ name: "a" }, { nam: "b" }] }, ["list", 1, "name"], "is missing; expected string"],
  [{ list: [{ name: "a", nam: "b" }] }, ["list", 0, "nam"], 'unknown key "nam"; allowed are name, port'],
  [{ tables: { any: { off: true } } }, ["tables", "any", "off"], 'unknown key "off"; allowed are on'],
  [{ size: "big" }, ["size"], "expected number, not string"],
  [{ size: 0 }, ["size"], "expected number to be >=1"],
  [{ mode: "slow" }, ["mode"], 'expected one of "fast"|"safe"'],
  [{ list: { name: "a" } }, ["list"], "expected array, not table"],
  [5, [], "expected table, not number"],
])("%j has its fault at %j: %s", ([value, path, text]) => {
  expect(configFault(schema, value)).toEqual({ path, text });
});

test("where nothing is allowed, it is said", () => {
  expect(configFault(z.strictObject({}), { a: 1 })?.text).toBe('unknown key "a"; no keys are allowed here');
});
