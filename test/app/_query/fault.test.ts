import { expect, test } from "vitest";
import { faultOf } from "../../../app/_query/fault.ts";

test("a query that can be asked has no fault", () => {
  expect(faultOf("size:>1MiB", "blobs")).toBeUndefined();
});

test("the wrong piece is marked", () => {
  const fault = faultOf("age:<7d sise:>1", "blobs");
  expect(fault).toMatchObject({ before: "age:<7d " });
  expect(fault?.wrong).toContain("sise");
  expect(`${fault?.before}${fault?.wrong}${fault?.after}`).toBe("age:<7d sise:>1");
});

test("each target has fields of its own", () => {
  expect(faultOf("state:stalled", "ingests")).toBeUndefined();
  expect(faultOf("state:stalled", "blobs")?.wrong).toContain("state");
});
