import { expect, test } from "vitest";
import type { HeldRow } from "../../../app/_live/held-set.ts";
import { createShownIngests } from "../../../app/_live/ingest-rows.ts";
import type { EndedIngest, Ingest } from "../../../content/remote/events.ts";
import { ingestOf, startMs } from "./rows.ts";

const held = (ref: string, offset = 0): HeldRow<Ingest, EndedIngest> => ({ key: ref, row: ingestOf(ref, offset) });
const samples = [{ atMs: startMs, offset: 0 }];

test("rows that show what they showed stay the same, and so does a list of them", () => {
  const shown = createShownIngests(() => samples);
  const [a, b] = [held("a"), held("b")];
  const first = shown.at([a, b], startMs);
  expect(shown.at([a, b], startMs + 1000)).toBe(first);
  const second = shown.at([a, held("b", 5)], startMs + 2000);
  expect(second).not.toBe(first);
  expect(second[0]).toBe(first[0]);
  expect(second[1]?.row.status.offset).toBe(5);
});

test("a row that nobody writes to turns into another state by time alone", () => {
  const shown = createShownIngests(() => samples);
  const row = held("a", 5);
  expect(shown.at([row], startMs)[0]?.view.state).toBe("active");
  expect(shown.at([row], startMs + 6000)[0]?.view.state).toBe("waiting");
});

test("a row is another one once it is no longer new", () => {
  const shown = createShownIngests(() => samples);
  const row = { ...held("a"), newAt: startMs };
  const first = shown.at([row], startMs);
  expect(shown.at([row], startMs + 2000)).toBe(first);
  expect(shown.at([row], startMs + 4000)).not.toBe(first);
});
