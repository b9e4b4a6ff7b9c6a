import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openDatabase } from "../../../server/metadata/database/database.ts";
import { queries } from "../../../server/metadata/database/queries.ts";
import { migrations } from "../../../server/metadata/database/schema.ts";
import { followReferences } from "../../../server/metadata/references.ts";
import { StartError } from "../../../server/start-error.ts";
import { makeSmallDisk } from "../../support/small-disk.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const names = queries.selectFrom("namespace").select("name");

test("a database is made once and opened again as it was", async () => {
  const root = await makeTempDir();
  const first = await openDatabase(root);
  first.main.run(queries.insertInto("namespace").values({ name: "a", labels: "{}" }));
  await first.sync();
  await first[Symbol.asyncDispose]();
  await using again = await openDatabase(root);
  expect(again.main.all(names)).toMatchObject([{ name: "a" }]);
});

test("what is committed and not closed is there after the process is gone", async () => {
  const root = await makeTempDir();
  await using first = await openDatabase(root);
  first.main.run(queries.insertInto("namespace").values({ name: "a", labels: "{}" }));
  await first.sync();
  // A copy of the files is what the next process finds.
  using copy = new DatabaseSync(join(root, "metadata.db"), { readOnly: true });
  expect(copy.prepare("SELECT name FROM namespace").all()).toMatchObject([{ name: "a" }]);
});

test("a file that is damaged is refused in a line that says what to do, and is left as it is", async () => {
  const root = await makeTempDir();
  await writeFile(
    join(root, "metadata.db"),
    "this is no database at all, only a text that somebody put there\n".repeat(100),
  );
  const opening = openDatabase(root);
  await expect(opening).rejects.toThrow(StartError);
  await expect(opening).rejects.toThrow(
    /metadata\.db: file is not a database; restore it from a backup, or move it away/,
  );
});

test("a full disk is told as such, and nobody is advised to move the database away", async () => {
  const opening = openDatabase(await makeSmallDisk("40k"));
  await expect(opening).rejects.toThrow(StartError);
  await expect(opening).rejects.toThrow(/; its disk is full: make room there$/);
});

test("a database of a later version is refused", async () => {
  const root = await makeTempDir();
  using later = new DatabaseSync(join(root, "metadata.db"));
  later.exec("PRAGMA user_version = 99");
  later.close();
  await expect(openDatabase(root)).rejects.toThrow(/written by a later version/);
});

test("labels of a database from before there was a table of references lead on as new ones do", async () => {
  const root = await makeTempDir();
  const [first] = migrations;
  const labels = {
    "containerd.io/gc.root": "x",
    "containerd.io/gc.ref.content.l.0": "sha256:b",
    "containerd.io/gc.bref.image/x": "alpine",
    "containerd.io/gc.ref.contents": "sha256:c",
    'odd "key"': "value",
  };
  using before = new DatabaseSync(join(root, "metadata.db"));
  for (const query of first?.(queries) ?? []) before.exec(query.compile().sql);
  before.exec("PRAGMA user_version = 1");
  before.prepare("INSERT INTO blob VALUES ('n', 'sha256:a', 1, 1, 1, ?)").run(JSON.stringify(labels));
  before.close();
  await using database = await openDatabase(root);
  const blob = { kind: "content", key: "sha256:a" } as const;
  expect(followReferences(database.main, "n", "root")).toEqual([blob]);
  expect(followReferences(database.main, "n", blob)).toEqual([{ kind: "content", key: "sha256:b" }]);
  expect(followReferences(database.main, "n", { kind: "image", key: "alpine" })).toEqual([blob]);
  expect(database.main.all(queries.selectFrom("reference").select("label"))).toHaveLength(3);
});

test("a view shows the moment it was opened, and readers are used again", async () => {
  await using database = await openDatabase(await makeTempDir());
  for (const name of ["a", "b", "c"]) {
    using before = database.view();
    database.main.run(queries.insertInto("namespace").values({ name, labels: "{}" }));
    using after = database.view();
    expect(after.all(names).length - before.all(names).length).toBe(1);
  }
});
