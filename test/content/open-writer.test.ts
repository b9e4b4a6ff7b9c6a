import { expect, onTestFinished, test } from "vitest";
import { ContentError } from "../../content/errors.ts";
import { isLocked, openWriter } from "../../content/open-writer.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Store, Writer } from "../../content/store.ts";
import { createMemoryStore } from "../../server/stores/memory/store.ts";
import { failure, get, put } from "../suite/support.ts";
import { grpcTransport } from "../support/grpc.ts";
import { openTestServer } from "../support/stowage.ts";

function openMemoryStore(): Store {
  const store = createMemoryStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

/** Fails to open with each of these, then opens. */
function failing(errors: readonly Error[], store = openMemoryStore()): Pick<Store, "writer"> & { tries: number } {
  return {
    tries: 0,
    async writer(options, signal) {
      const error = errors[this.tries];
      this.tries += 1;
      if (error !== undefined) throw error;
      return await store.writer(options, signal);
    },
  };
}

const gone = new ContentError("unavailable", "connect ECONNREFUSED");
const quick = { minDelayMs: 1, maxDelayMs: 2 };

test.each(["a store", "a server"])(
  "of 100 who open one ref of %s at once each gets it, one after another",
  async (where) => {
    const server = where === "a server" ? await openTestServer() : undefined;
    const store = server ? createRemoteStore(grpcTransport(server.socket), { namespace: "n" }) : openMemoryStore();
    let held = 0;
    let most = 0;
    async function appendOne(): Promise<void> {
      await using writer = await openWriter(store, { ref: "r", waitMs: 0 });
      held += 1;
      most = Math.max(most, held);
      await writer.write(new Uint8Array(1));
      held -= 1;
    }
    await Promise.all(Array.from({ length: 100 }, appendOne));
    expect(most).toBe(1);
    expect(await store.status("r")).toMatchObject({ offset: 100 });
    await using writer = await store.writer({ ref: "r", waitMs: 0 });
    expect(await get(store, await writer.commit())).toEqual(Buffer.alloc(100));
  },
);

test("a ref that stays locked is given up after the time, or when the signal aborts, and is then not opened", async () => {
  const store = openMemoryStore();
  const held = await store.writer({ ref: "r" });
  const options = { ref: "r", waitMs: 0 };
  for (const timeoutMs of [0, 30]) {
    const error = await openWriter(store, options, { timeoutMs }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "unavailable", facts: { locked: { ref: "r" } } });
    expect(isLocked(error)).toBe(true);
  }
  const stop = new AbortController();
  const opened = openWriter(store, options, { signal: stop.signal });
  stop.abort("enough");
  await expect(opened).rejects.toMatchObject({ kind: "cancelled", cause: "enough" });
  await expect(openWriter(store, options, { signal: stop.signal })).rejects.toEqual(failure("cancelled"));
  await held.close();
  await (await store.writer(options)).close();
});

test("a server that cannot be reached is tried again so often, and no more", async () => {
  const soon = failing([gone, gone]);
  await (await openWriter(soon, { ref: "r" }, { ...quick, retries: 2 })).close();
  expect(soon.tries).toBe(3);
  const never = failing([gone, gone, gone, gone]);
  await expect(openWriter(never, { ref: "r" }, { ...quick, retries: 2 })).rejects.toBe(gone);
  expect(never.tries).toBe(3);
});

test("the lock of a containerd, which tells it by its text alone, is waited for", async () => {
  const text = "ref moby/1/layer locked for 12.5s (since 2026-11-29 09:00:00 +0000 UTC m=+1.0)";
  const store = failing([new ContentError("unavailable", text), new ContentError("unavailable", text)]);
  await (await openWriter(store, { ref: "r" }, { retries: 0 })).close();
  expect(store.tries).toBe(3);
  expect(isLocked(gone)).toBe(false);
});

test("what waiting cannot mend comes at once", async () => {
  const store = openMemoryStore();
  const digest = await put(store, new Uint8Array(3));
  const open = (): Promise<Writer> => openWriter(store, { ref: "r", descriptor: { digest } });
  await expect(open()).rejects.toEqual(failure("already-exists"));
  await expect(openWriter(store, { ref: "" })).rejects.toEqual(failure("invalid-argument"));
});
