import { describe, expect, test } from "vitest";
import type { IngestRow } from "../../../content/query.ts";
import type { Selection } from "../../../content/remote/events.ts";
import { compileIngestSelection } from "../../../server/feed/ingest-selection.ts";

const compile = (selection: Selection) => compileIngestSelection(selection, "a");

function ingest(ref: string, offset = 0, more: Partial<IngestRow> = {}): IngestRow {
  return { namespace: "a", state: "writing", status: { ref, offset, startedAt: new Date() }, ...more };
}

test("ingests are covered by namespace, filters and regexp, which is searched in the ref, unanchored", () => {
  const { coversIngest } = compile({ filters: ["ref~=^layer"], regexp: "sha256:a" });
  expect(coversIngest({ namespace: "a", ref: "layer-sha256:abc" })).toBe(true);
  expect(coversIngest({ namespace: "a", ref: "config-sha256:abc" })).toBe(false);
  expect(coversIngest({ namespace: "a", ref: "layer-sha256:bc" })).toBe(false);
  expect(coversIngest({ namespace: "b", ref: "layer-sha256:abc" })).toBe(false);
});

describe("the query", () => {
  test("is and-ed with filters and regexp, and asks for the ingest as it is now", () => {
    const { coversIngest, selectsIngest } = compile({ filters: ["ref~=^layer"], query: "state:writing size:>=10B" });
    expect(coversIngest({ namespace: "a", ref: "layer" })).toBe(true);
    expect(selectsIngest(ingest("layer", 10))).toBe(true);
    expect(selectsIngest(ingest("layer", 9))).toBe(false);
    expect(selectsIngest(ingest("layer", 10, { state: "stalled" }))).toBe(false);
    expect(selectsIngest(ingest("config", 10))).toBe(false);
  });

  test("that does not parse, or asks for what blobs have, is refused", () => {
    for (const query of ["size:>lots", "label:tier=gold", "state:lost"]) {
      expect(() => compile({ query })).toThrow(expect.objectContaining({ kind: "invalid-argument" }));
    }
  });

  test("lasts where it asks for nothing that changes", () => {
    expect(compile({ query: "ref:layer ns:a sha256" }).lasting).toBe(true);
    for (const query of ["state:stalled", "-size:>1KiB", "age:>1h"]) expect(compile({ query }).lasting).toBe(false);
  });
});
