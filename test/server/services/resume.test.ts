import { expect, onTestFinished, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import type { Store, Writer } from "../../../content/store.ts";
import { createStowageContent } from "../../../server/services/stowage-content.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { quick } from "../feed/reader.ts";
import { openTestMetadata } from "../metadata/support.ts";
import { bytesOf, transportTo } from "./calls.ts";
import type { Line } from "./resume-model.ts";
import { createLine, createRandom, startFollower } from "./resume-model.ts";

const steps = 2000;

/** Steps between two looks at whether the followed set is the store's. */
const stepsBetweenLooks = 150;

/** A server on one data directory, that starts anew with what it has. */
async function openServer(line: Line) {
  const [root, below] = [await makeTempDir(), createMemoryStore()];
  const start = async () => {
    const opened = await openTestMetadata({ root, below });
    const stopping = new AbortController();
    const timing = { ...quick, pendingKeys: 40, heartbeatMs: 100, countsMs: 20 };
    line.lead(transportTo(createStowageContent(opened.metadata, { stopping: stopping.signal, timing })));
    return { ...opened, stopping, store: opened.metadata.in({ namespace: "n" }) };
  };
  let current = await start();
  return {
    get store(): Store {
      return current.store;
    },
    async restart(): Promise<void> {
      current.stopping.abort();
      line.cut();
      await current.close();
      current = await start();
    },
  };
}

/** What happens to a store, by a seed. */
function createWork(server: { readonly store: Store }, random: (below: number) => number, due: Set<string>) {
  const digests: Digest[] = [];
  const writers: Writer[] = [];
  let made = 0;

  async function begin(): Promise<Writer> {
    const writer = await server.store.writer({ ref: `ref-${(made += 1)}` });
    await writer.write(bytesOf(`text ${made}`));
    return writer;
  }

  async function commit(writer: Writer): Promise<void> {
    due.add(writer.ref);
    digests.push(await writer.commit());
  }

  async function ingest(): Promise<void> {
    const writer = writers.splice(random(writers.length), 1)[0];
    if (writer === undefined) return;
    const what = random(4);
    if (what === 0) return await commit(writer);
    if (what === 1) {
      due.add(writer.ref);
      await server.store.abort(writer.ref);
      return await writer.close();
    }
    await writer.write(bytesOf("more "));
    writers.push(writer);
  }

  async function letGo(): Promise<void> {
    for (const writer of writers.splice(0)) await writer.close();
  }

  async function act(): Promise<void> {
    const digest = digests[random(digests.length || 1)];
    const what = random(10);
    if (what < 3 || digest === undefined) return await commit(await begin());
    if (what < 5) {
      digests.splice(digests.indexOf(digest), 1);
      return await server.store.delete(digest);
    }
    if (what < 7)
      return void (await server.store.update({ digest, labels: { tier: String(random(100)) } }, ["labels.tier"]));
    if (what < 8 && writers.length < 5) return void writers.push(await begin());
    await ingest();
  }

  return { act, letGo };
}

/** What a store holds, to be compared. */
async function stateOf(store: Store) {
  const infos = await Array.fromAsync(store.walk());
  const statuses = await Array.fromAsync(store.listStatuses());
  return {
    blobs: infos.map(({ digest, labels }) => `${digest} ${labels["tier"] ?? ""}`).toSorted(),
    ingests: statuses.map(({ ref, offset }) => `${ref} ${offset}`).toSorted(),
  };
}

test("through thousands of writes, deletes, labels, cuts, restarts and rests, a follower holds what the store holds", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = createRandom(seed);
  const line = createLine();
  const server = await openServer(line);
  const left = new AbortController();
  onTestFinished(() => left.abort());
  /** Refs whose end the follower has to hear of. */
  const due = new Set<string>();
  const follower = startFollower(line, left.signal, () => due.clear());
  const work = createWork(server, random, due);
  const held = () => ({
    blobs: [...follower.blobs.values()].map(({ digest, labels }) => `${digest} ${labels["tier"] ?? ""}`).toSorted(),
    ingests: [...follower.ingests.values()].map(({ ref, offset }) => `${ref} ${offset}`).toSorted(),
  });
  const look = async (step: number) => {
    follower.goOn();
    const message = `seed ${seed}, step ${step}`;
    const wanted = await stateOf(server.store);
    await expect.poll(held, { message }).toEqual(wanted);
    const heard = () => [...due].filter((ref) => !follower.ended.includes(ref));
    await expect.poll(heard, { message }).toEqual([]);
    expect(follower.ended.length, `${message}: an end was told twice`).toBe(new Set(follower.ended).size);
    expect(follower.faults, message).toEqual([]);
  };
  let cuts = 0;
  for (let step = 1; step <= steps; step += 1) {
    const what = random(300);
    if (what === 0) {
      await work.letGo();
      await server.restart();
    } else if (what < 12) {
      cuts += 1;
      line.cut();
    } else if (what < 15) {
      follower.pause();
    } else if (what < 25) {
      follower.goOn();
    } else {
      await work.act();
    }
    if (step % stepsBetweenLooks === 0) await look(step);
  }
  expect(follower.tally.bookmarks).toBeGreaterThan(100);
  // A set that always began anew would prove nothing of tokens.
  expect(follower.tally.begins).toBeLessThan(cuts / 2);
}, 300_000);
