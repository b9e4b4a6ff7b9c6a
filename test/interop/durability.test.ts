import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { hexOf } from "../../content/digest.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { grpcTransport } from "../support/grpc.ts";
import { startStowage } from "../support/stowage.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import type { SystemCall } from "./durability/trace.ts";
import { parseTrace } from "./durability/trace.ts";

const writers = 8;
const blobsOfWriter = 4;

/** What of a server's calls tells when something is on disk, and when it is answered. */
const traced = "fdatasync,fsync,rename,renameat,renameat2,write,writev,sendto,sendmsg";

/** Longest string that is traced whole, in bytes: an answer and its headers. */
const tracedBytes = 4096;

/** The first call of that kind that began after a line; fails where there is none. */
function next(
  calls: readonly SystemCall[],
  after: number,
  what: string,
  fits: (call: SystemCall) => boolean,
): SystemCall {
  return calls.find((call) => call.began > after && fits(call)) ?? expect.fail(`no ${what}`);
}

const isSync = ({ name }: SystemCall) => name === "fdatasync" || name === "fsync";
const isRename = ({ name }: SystemCall) => name.startsWith("rename");

/** Data, name, directory, row, answer: each began once the one before had ended. */
function expectOrder(calls: readonly SystemCall[], digest: Digest): void {
  const hex = hexOf(digest);
  const renamed = next(
    calls,
    -1,
    `rename to ${hex}`,
    (call) => isRename(call) && call.args.includes(`/blobs/sha256/${hex}"`),
  );
  const [from = ""] = /"([^"]+)"/.exec(renamed.args)?.slice(1) ?? [];
  const data = next(calls, -1, `sync of the data of ${hex}`, (call) => isSync(call) && call.args.includes(`<${from}>`));
  expect(data.ended, "the data is on disk before it has its name").toBeLessThan(renamed.began);
  const directory = next(calls, renamed.ended, "sync of the directory", (call) => {
    return call.name === "fsync" && call.args.includes("/blobs/sha256>");
  });
  const row = next(
    calls,
    directory.ended,
    "sync of the row",
    (call) => isSync(call) && call.args.includes("metadata.db-wal>"),
  );
  // Answers before the commit's name the digest too: that of the bytes so far.
  const answer = calls.findLast(({ args }) => /^\d+<(?:socket|UNIX)/.test(args) && args.includes(hex));
  expect(answer, `an answer that names ${hex}`).toBeDefined();
  expect(row.ended, "the row is on disk before the answer").toBeLessThan(answer?.began ?? -1);
}

test("a commit is answered once its data, its name, its directory and its row are on disk, in that order", async () => {
  const trace = join(await makeTempDir(), "trace");
  const strace = ["strace", "-D", "-f", "-y", "-s", `${tracedBytes}`, "-o", trace, "-e", `trace=${traced}`];
  const stowage = await startStowage(strace);
  const store = createRemoteStore(grpcTransport(stowage.socket), { namespace: "durable" });

  async function commitSome(name: string): Promise<readonly Digest[]> {
    const digests: Digest[] = [];
    for (let index = 0; index < blobsOfWriter; index += 1) {
      await using writer = await store.writer({ ref: `${name}-${index}` });
      await writer.write(Buffer.from(`blob ${index} of ${name}`));
      digests.push(await writer.commit());
    }
    return digests;
  }

  const names = Array.from({ length: writers }, (_, index) => `writer-${index}`);
  const digests = (await Promise.all(names.map(commitSome))).flat();
  await stowage.kill("SIGTERM");
  const calls = parseTrace(await readFile(trace, "utf8"));
  expect(digests).toHaveLength(writers * blobsOfWriter);
  for (const digest of digests) expectOrder(calls, digest);
});
