import { expect, test } from "vitest";
import { loadPatterns } from "../../../app/_query/compiler.ts";
import { bytesOfIngests, chosenNow, outsideOf } from "../../../app/ingests/chosen-ingests.ts";
import { ingestQueryOf, matchingOf, mostExcluding } from "../../../app/ingests/ingest-query.ts";
import { suggestIngests } from "../../../app/ingests/suggest.ts";
import { endOf, ingestOf, startMs } from "../_live/rows.ts";

const rowOf = (ingest: ReturnType<typeof ingestOf>) => ({
  key: `${ingest.namespace} ${ingest.status.ref}`,
  row: ingest,
  samples: [],
  view: { state: "active", idleMs: 0 } as const,
});

const ingests = [
  ingestOf("layer-a", 5, { state: "stalled" }),
  ingestOf("layer-b", 500),
  ingestOf("config-c", 7, { namespace: "moby" }),
];
const view = {
  rows: ingests.map(rowOf),
  ended: [{ key: "ended d", ended: endOf("layer-d") }],
  isComplete: true,
  rates: [],
};

function matched(text: string): readonly string[] {
  const { rows, ended } = matchingOf(view, ingestQueryOf(text, ["*"]), startMs);
  return [...rows.map(({ row }) => row.status.ref), ...ended.map((row) => row.ended.ref)];
}

test("a query chooses among the ingests that are open and those that ended", () => {
  expect(matched("")).toEqual(["layer-a", "layer-b", "config-c", "layer-d"]);
  expect(matched("ref:layer")).toEqual(["layer-a", "layer-b", "layer-d"]);
  expect(matched("state:stalled")).toEqual(["layer-a"]);
  expect(matched("ns:moby size:<10")).toEqual(["config-c"]);
});

test("a text of an address that is no query asks for everything", () => {
  expect(matched("size:>nothing")).toHaveLength(4);
});

test("a pattern chooses once it can be compiled; one that is none asks for everything", async () => {
  await loadPatterns();
  expect(matched("/^layer-[ad]$/")).toEqual(["layer-a", "layer-d"]);
  expect(matched("/layer-[/")).toHaveLength(4);
});

test("the token that keeps the most rows away is named, with what stays without it", () => {
  const text = "ref:layer size:>1GiB";
  expect(mostExcluding(text, ingestQueryOf(text, ["*"]), ingests, startMs)).toEqual({
    token: "size:>1GiB",
    rest: "ref:layer",
    count: 2,
  });
  const two = "ref:none size:>1GiB";
  expect(mostExcluding(two, ingestQueryOf(two, ["*"]), ingests, startMs)).toBeUndefined();
});

test("chosen ingests that the query or the namespaces leave out are counted, and a query shows them", () => {
  const outside = outsideOf(ingests, ingestQueryOf("ref:layer", ["default"]), startMs);
  expect(outside).toEqual({ count: 1, query: "ref:config-c" });
  const shown = matchingOf(view, ingestQueryOf(outside.query, ["*"]), startMs);
  expect(shown.rows.map(({ row }) => row.status.ref)).toEqual(["config-c"]);
  expect(bytesOfIngests(ingests)).toBe(512);
});

test("a chosen ingest that ended, or began anew under its ref, counts as gone", () => {
  const anew = ingestOf("layer-b", 0, { startedAt: new Date(startMs + 1) });
  const now = { rows: [rowOf(ingestOf("layer-a", 9)), rowOf(anew)], isComplete: true };
  const { open, gone } = chosenNow(ingests, now);
  expect(open.map(({ status }) => [status.ref, status.offset])).toEqual([["layer-a", 9]]);
  expect(gone).toBe(2);
});

test("a query is completed from states with their counts, and from what refs begin with", () => {
  const known = { namespaces: ["default", "moby"], ingests };
  const labelsOf = (text: string) => suggestIngests(text, text.length, known).map(({ label }) => label);
  expect(labelsOf("st")).toEqual(["state:"]);
  expect(labelsOf("state:")).toEqual(["writing", "stalled", "resumable"]);
  expect(suggestIngests("state:st", 8, known)[0]).toMatchObject({ note: "1\u00a0ingest here", text: "state:stalled " });
  expect(labelsOf("ns:m")).toEqual(["moby"]);
  expect(labelsOf("ref:con")).toEqual(["config-c"]);
});
