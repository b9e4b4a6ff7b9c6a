import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { readRevision } from "../../server/revision.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

/** A folder with those files under `.git`. */
async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, ".git", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return root;
}

test("the commit of the branch that is checked out is told, as a file or among the packed refs", async () => {
  const head = "ref: refs/heads/main\n";
  expect(await readRevision(await project({ HEAD: head, "refs/heads/main": `${commit}\n` }))).toBe(commit);
  const packed = `# pack-refs with: peeled\n${"f".repeat(40)} refs/heads/other\n${commit} refs/heads/main\n`;
  expect(await readRevision(await project({ HEAD: head, "packed-refs": packed }))).toBe(commit);
});

test("a commit that is checked out by itself is told", async () => {
  expect(await readRevision(await project({ HEAD: `${commit}\n` }))).toBe(commit);
});

test("where there is none, or none that can be told, it is empty", async () => {
  expect(await readRevision(await makeTempDir())).toBe("");
  expect(await readRevision(await project({ HEAD: "ref: refs/heads/unborn\n" }))).toBe("");
  expect(await readRevision(await project({ HEAD: "ref: refs/heads/main\n", "refs/heads/main": "secret" }))).toBe("");
});
