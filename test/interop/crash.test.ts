import { expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Info, Status, Store } from "../../content/store.ts";
import { grpcTransport } from "../support/grpc.ts";
import type { Stowage } from "../support/stowage.ts";
import { startStowage } from "../support/stowage.ts";
import type { Attempt } from "./crash/writers.ts";
import { digestOf, writeUntilCut } from "./crash/writers.ts";

const rounds = 50;
const writers = 8;

/** Answers after which the server is killed: another number every round, up to some commits of each writer. */
function answersBefore(round: number): number {
  return 1 + ((round * 29) % 120);
}

/** What is there after a restart, by name. */
interface Found {
  readonly blobs: ReadonlyMap<string, Info>;
  readonly ingests: ReadonlyMap<string, Status>;
}

async function look(store: Store): Promise<Found> {
  const blobs = await Array.fromAsync(store.walk(), (info) => [info.digest, info] as const);
  const ingests = await Array.fromAsync(store.listStatuses(), (status) => [status.ref, status] as const);
  return { blobs: new Map(blobs), ingests: new Map(ingests) };
}

/** The digest of what is read. */
async function readBack(store: Store, digest: Digest): Promise<Digest> {
  await using reader = await store.readerAt({ digest });
  return digestOf(Buffer.concat(await Array.fromAsync(reader.read(0))));
}

/** An attempt that was cut is there as a blob or as an ingest, and what it lacks makes it the right blob. */
async function expectKept(store: Store, attempt: Attempt, { blobs, ingests }: Found): Promise<void> {
  const ingest = ingests.get(attempt.ref);
  const isBlob = blobs.has(attempt.digest);
  if (isBlob) expect(attempt.committing, `${attempt.ref} is a blob that nobody committed`).toBe(true);
  else if (attempt.opened) expect(ingest, `${attempt.ref} vanished`).toBeDefined();
  if (isBlob || ingest === undefined) return;
  expect(ingest.offset, `${attempt.ref} lost bytes that were acknowledged`).toBeGreaterThanOrEqual(attempt.written);
  await resume(store, attempt, ingest);
}

async function resume(store: Store, { ref, data, digest }: Attempt, { offset }: Status): Promise<void> {
  await using writer = await store.writer({ ref, descriptor: { size: data.length } });
  expect((await writer.status()).offset, ref).toBe(offset);
  await writer.write(data.subarray(offset));
  expect(await writer.commit({ size: data.length, expected: digest }), ref).toBe(digest);
}

function clientOf(stowage: Stowage): Store {
  return createRemoteStore(grpcTransport(stowage.socket), { namespace: "crash" });
}

/** Clients write until the server is killed, which then starts again. */
async function attack(stowage: Stowage, round: number): Promise<readonly Attempt[]> {
  const store = clientOf(stowage);
  let left = answersBefore(round);
  let killed: Promise<void> | undefined;
  const acknowledged = (): void => {
    left -= 1;
    if (left <= 0) killed ??= stowage.kill("SIGKILL");
  };
  const writing = Array.from({ length: writers }, (_, index) => {
    return writeUntilCut(store, `r${round}-w${index}`, round + index, acknowledged);
  });
  const attempts = (await Promise.all(writing)).flat();
  await killed;
  await stowage.restart();
  return attempts;
}

/** Everything that was acknowledged is there, and what was cut goes on. @returns how many ingests went on */
async function inspect(store: Store, attempts: readonly Attempt[], earlier: readonly Digest[]): Promise<number> {
  const found = await look(store);
  for (const digest of earlier) expect(found.blobs.has(digest), `${digest} of an earlier round`).toBe(true);
  for (const { ref, digest } of attempts.filter(({ committed }) => committed)) {
    expect(await readBack(store, digest), ref).toBe(digest);
  }
  const cut = attempts.filter(({ committed }) => !committed);
  for (const attempt of cut) await expectKept(store, attempt, found);
  for (const { ref, digest } of cut.filter(({ opened }) => opened))
    expect(await readBack(store, digest), ref).toBe(digest);
  expect((await look(store)).ingests.size, "ingests that nobody began").toBe(0);
  return cut.filter(({ ref, digest }) => found.ingests.has(ref) && !found.blobs.has(digest)).length;
}

test(`${rounds} kills while ${writers} clients write lose no commit and no ingest`, async () => {
  const stowage = await startStowage();
  // An orderly end keeps what Node compiled, and every later start takes half the time.
  await stowage.kill("SIGTERM");
  await stowage.restart();
  const kept: Digest[] = [];
  let resumed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const attempts = await attack(stowage, round);
    resumed += await inspect(clientOf(stowage), attempts, kept);
    kept.push(...attempts.filter(({ committed }) => committed).map(({ digest }) => digest));
  }
  expect(kept.length, "commits that were answered").toBeGreaterThan(rounds);
  expect(resumed, "ingests that were cut and went on").toBeGreaterThan(rounds);
}, 600_000);
