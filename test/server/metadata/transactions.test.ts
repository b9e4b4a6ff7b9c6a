import { expect, onTestFinished, test } from "vitest";
import type { Change } from "../../../server/feed/change.ts";
import { createFeed } from "../../../server/feed/feed.ts";
import type { Database } from "../../../server/metadata/database/database.ts";
import { openDatabase } from "../../../server/metadata/database/database.ts";
import { queries } from "../../../server/metadata/database/queries.ts";
import { createTransactions } from "../../../server/metadata/transactions.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** @param sync stands for the disk, which tests cannot hold up or break otherwise */
async function open(sync?: (database: Database) => Promise<void>) {
  const database = await openDatabase(await makeTempDir());
  onTestFinished(() => database[Symbol.asyncDispose]());
  const feed = createFeed();
  const told: Change[] = [];
  feed.listen((change) => told.push(change));
  const disk = sync === undefined ? database : { ...database, sync: () => sync(database) };
  const insert = (name: string) => queries.insertInto("namespace").values({ name, labels: "{}" });
  const names = () =>
    database.main.all(queries.selectFrom("namespace").select("name").orderBy("name")).map((row) => row.name);
  return { database, feed, told, names, insert, transactions: createTransactions(disk, feed) };
}

const note = (namespace: string) => ({ kind: "namespace", namespace }) as const;

test("work of one turn shares a transaction and a sync, and each gets its own result", async () => {
  let syncs = 0;
  const { transactions, insert, names } = await open(async (database) => {
    syncs += 1;
    await database.sync();
  });
  const results = ["a", "b", "c"].map((name) => transactions.durable((tables) => tables.run(insert(name)) && name));
  expect(await Promise.all(results)).toEqual(["a", "b", "c"]);
  expect(names()).toEqual(["a", "b", "c"]);
  expect(syncs).toBe(1);
});

test("work that throws is undone alone, with what it noted", async () => {
  const { transactions, insert, names, told } = await open();
  const good = transactions.durable((tables, tell) => {
    tables.run(insert("good"));
    tell(note("good"));
  });
  const bad = transactions.durable((tables, tell) => {
    tables.run(insert("bad"));
    tell(note("bad"));
    throw new Error("no");
  });
  await expect(bad).rejects.toThrow("no");
  await good;
  await transactions.idle();
  expect(names()).toEqual(["good"]);
  expect(told).toMatchObject([{ namespace: "good", sequence: 1 }]);
});

test("durable work is answered and told only after its sync; what came after it is told after it", async () => {
  const disk = Promise.withResolvers<void>();
  const { transactions, told, feed } = await open(() => disk.promise);
  let answered = false;
  const durable = transactions.durable((_, tell) => tell(note("durable")));
  void durable.then(() => {
    answered = true;
  });
  await transactions.brief((_, tell) => tell(note("brief")));
  transactions.note(note("noted"));
  expect(feed.sequence).toBe(3);
  expect(told).toEqual([]);
  expect(answered).toBe(false);
  disk.resolve();
  await durable;
  await transactions.idle();
  expect(told.map(({ namespace }) => namespace)).toEqual(["durable", "brief", "noted"]);
  expect(told.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

test("a sync that fails acknowledges nothing, and the next one is not taken in by it", async () => {
  let broken = true;
  const { transactions, insert, names } = await open(async (database) => {
    if (broken) throw new Error("EIO");
    await database.sync();
  });
  await expect(transactions.durable((tables) => tables.run(insert("lost")))).rejects.toThrow("EIO");
  broken = false;
  await transactions.durable((tables) => tables.run(insert("kept")));
  expect(names()).toContain("kept");
});

test("changes are told in the order of their commits, however many come at once", async () => {
  const { transactions, told } = await open();
  const work = Array.from({ length: 500 }, (_, index) => {
    if (index % 3 === 0) return transactions.note(note(`n${index}`));
    const run = index % 2 === 0 ? transactions.durable : transactions.brief;
    return run((_tables, tell) => tell(note(`n${index}`)));
  });
  await Promise.all(work);
  await transactions.idle();
  expect(told).toHaveLength(500);
  expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, index) => index + 1));
});
