import { expect, test } from "vitest";
import { createAsking } from "../../../server/mirror/asking.ts";

test("once a signal has aborted nothing more is asked, and what waits for an answer ends", async () => {
  const stopping = new AbortController();
  const asking = createAsking(60_000, undefined, stopping.signal);
  const asked: string[] = [];
  const never = new Promise<never>(() => undefined);
  const ask = (name: string) =>
    asking.one(() => {
      asked.push(name);
      return never;
    });
  async function* list(name: string) {
    asked.push(name);
    yield name;
    await never;
  }
  const listed = asking.each(() => list("list"));
  expect(await listed.next()).toEqual({ value: "list", done: false });
  const waiting = [ask("question"), listed.next()];
  stopping.abort();
  const late = [ask("late question"), asking.each(() => list("late list")).next()];
  for (const answer of [...waiting, ...late]) await expect(answer).rejects.toMatchObject({ kind: "cancelled" });
  expect(asked).toEqual(["list", "question"]);
});
