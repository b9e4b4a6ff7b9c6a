import { expect, test } from "vitest";
import { leftIn, sortNamespaces } from "../../../app/namespaces/kind.ts";
import { held, namespaceOf } from "../_catalog/rows.ts";

test("what is left in a namespace leads to the pages that show it", () => {
  expect(leftIn(namespaceOf("empty"))).toEqual([]);
  expect(leftIn(namespaceOf("k8s.io", { blobs: 2, leases: 1 }))).toEqual([
    { noun: "blob", count: 2, href: "/content?ns=k8s.io" },
    { noun: "lease", count: 1, href: "/leases?ns=k8s.io" },
  ]);
});

test("namespaces are sorted by what they have, equal ones by name", () => {
  const rows = [namespaceOf("b"), namespaceOf("c", { blobs: 3 }), namespaceOf("a")].map((row) =>
    held<"namespaces">(row),
  );
  const by = (id: string, isDescending: boolean) =>
    sortNamespaces(rows, [{ id, isDescending }]).map(({ row }) => row.name);
  expect(by("blobs", true)).toEqual(["c", "a", "b"]);
  expect(by("name", false)).toEqual(["a", "b", "c"]);
});
