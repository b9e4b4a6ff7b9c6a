import { expect, test } from "vitest";
import { toMoment } from "../../../content/instant.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { eventOf } from "../../../server/audit/entry.ts";
import { exportHead, exportLine } from "../../../server/audit/export.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { openTestServer } from "../../support/stowage.ts";
import { ask } from "../listen/serve.ts";
import { putBlob } from "../services/calls.ts";

const at = toMoment(1_770_000_000_123_456);

function lineOf(name: string): string {
  return exportLine("csv", { ...eventOf({ act: "delete", kind: "image", name, bytes: 12 }, at), id: 7 });
}

test("a CSV has a line an event, in the order of its head", () => {
  const names = exportHead("csv").trimEnd().split(",");
  const cells = lineOf("app:1").trimEnd().split(",");
  const row = Object.fromEntries(names.map((name, index) => [name, cells[index]]));
  expect(row).toMatchObject({
    id: "7",
    time: "2026-02-02T02:40:00.123456Z",
    act: "delete",
    name: "app:1",
    bytes: "12",
  });
  expect(cells).toHaveLength(names.length);
});

test.each([
  ["=1+1", "'=1+1"],
  ["+x", "'+x"],
  ["-x", "'-x"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ["a,b", '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ["plain=1", "plain=1"],
])("the name %j stands in a CSV as %j: no spreadsheet runs it", (name, cell) => {
  expect(lineOf(name)).toContain(`,${cell},`);
});

test("NDJSON has an object a line", () => {
  const changes = [{ name: "label a", before: "=1", after: "2" }];
  const line = exportLine("ndjson", { ...eventOf({ act: "label", name: "=x", changes }, at), id: 1 });
  expect(JSON.parse(line)).toMatchObject({ id: 1, name: "=x", changes, at: "2026-02-02T02:40:00.123456Z" });
  expect(line.endsWith("}\n")).toBe(true);
});

test("a server answers with the events of a query as a file", async () => {
  const { url, socket } = await openTestServer();
  const store = createRemoteStore(grpcTransport(socket), { namespace: "n" });
  for (const text of ["a", "b"]) await store.delete(await putBlob(store, text));
  const read = (query: string) => ask(`${url}/-/audit?${query}`);
  await expect.poll(async () => (await read("format=csv")).text.split("\r\n").length).toBe(6);
  const csv = await read("format=csv&q=act%3Adelete");
  expect(csv.status).toBe(200);
  expect(csv.headers["content-disposition"]).toMatch(/^attachment; filename="stowage-activity-\d{8}T\d{6}\.csv"$/);
  expect(csv.headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
  expect(csv.text.split("\r\n")).toHaveLength(4);
  const lines = (await read("format=ndjson&ns=n")).text.trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).id)).toEqual([4, 3, 2, 1]);
  expect((await read("format=ndjson&ns=other")).text).toBe("");
  expect(await read("format=xml")).toMatchObject({ status: 400, text: expect.stringContaining("csv, ndjson") });
  expect(await read("q=act%3Anothing")).toMatchObject({ status: 400, text: expect.stringContaining("no act is") });
  expect((await ask(`${url}/-/audit`, { method: "HEAD" })).body).toHaveLength(0);
});
