import { expect, test } from "vitest";
import { inOrder, nameOf } from "../../../server/plugins/order.ts";
import { StartError } from "../../../server/start-error.ts";
import { plugin } from "./plugins.ts";

const names = (plugins: Parameters<typeof inOrder>[0]) => inOrder(plugins).map(nameOf);

test("each comes after what it requires, otherwise as they are listed", () => {
  const listed = [
    plugin("listener/http", ["service"]),
    plugin("service/one", ["metadata/sql"]),
    plugin("metadata/sql", ["store/local"]),
    plugin("service/two"),
    plugin("store/memory"),
    plugin("store/local"),
  ];
  expect(names(listed)).toEqual([
    "store/local",
    "metadata/sql",
    "service/one",
    "service/two",
    "listener/http",
    "store/memory",
  ]);
});

test("what is required and not listed changes nothing", () => {
  expect(names([plugin("service/one", ["store/none"])])).toEqual(["service/one"]);
});

test("two of one type and id are refused by name; one id in two types is not", () => {
  expect(names([plugin("store/local"), plugin("service/local")])).toHaveLength(2);
  expect(() => inOrder([plugin("store/local"), plugin("store/other"), plugin("store/local")])).toThrow(
    new StartError("two plugins are called store/local; take one of them out of the list"),
  );
});

test("a cycle is refused with its names, also that of one plugin", () => {
  const cycle = [plugin("store/first"), plugin("service/a", ["service/b"]), plugin("service/b", ["service/a"])];
  expect(() => inOrder(cycle)).toThrow("plugins require each other: service/a -> service/b -> service/a");
  expect(() => inOrder([plugin("store/a", ["store"])])).toThrow("store/a -> store/a");
});
