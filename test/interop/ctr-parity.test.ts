import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Store } from "../../content/store.ts";
import { startContainerd } from "../support/containerd.ts";
import { createCtr, openIngest } from "../support/ctr.ts";
import { grpcTransport } from "../support/grpc.ts";
import type { Outcome } from "../support/run.ts";
import { launchStowage } from "../support/stowage.ts";
import { normalise, normaliseText } from "./parity/normalise.ts";
import type { Step } from "./parity/steps.ts";
import { scripts } from "./parity/steps.ts";

/** What `$EDITOR` does. */
const editors: Readonly<Record<NonNullable<Step["editor"]>, string>> = {
  append: 'echo edited >> "$1"',
  keep: "exit 0",
  fail: "exit 1",
};

const mib = 1024 * 1024;

let containerd: string;
let stowage: string;
let files: string;

beforeAll(async () => {
  const stack = new AsyncDisposableStack();
  files = await mkdtemp(join(tmpdir(), "parity-"));
  stack.defer(() => rm(files, { recursive: true, force: true }));
  for (const [name, line] of Object.entries(editors)) {
    await writeFile(join(files, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(files, name), 0o755);
  }
  containerd = stack.use(await startContainerd()).socket;
  stowage = stack.use(await launchStowage()).socket;
  return () => stack.disposeAsync();
});

async function perform(socket: string, { args, input, editor, unordered }: Step): Promise<Outcome> {
  const inputFile = join(files, "input");
  await writeFile(inputFile, input ?? "");
  const outcome = await createCtr(socket)(args, {
    inputFile,
    ...(editor !== undefined && { env: { EDITOR: join(files, editor) } }),
  });
  return normalise(outcome, unordered);
}

for (const { title, steps } of scripts) {
  test(`ctr prints and ends the same with Stowage as with containerd: ${title}`, async () => {
    for (const step of steps) {
      const command = `ctr ${step.args.map((arg) => (arg.length > 100 ? `${arg.slice(0, 20)}…` : arg)).join(" ")}`;
      const theirs = await perform(containerd, step);
      const ours = await perform(stowage, step);
      expect(theirs.stderr).not.toContain("failed to dial");
      if (step.differs === undefined) {
        expect.soft(ours, command).toEqual(theirs);
      } else {
        expect.soft(theirs.stdout + theirs.stderr, `${command}, containerd`).toBe(step.differs.containerd);
        expect.soft(ours.stdout + ours.stderr, `${command}, Stowage`).toBe(step.differs.stowage);
      }
    }
  });
}

/** Run the same on both servers. */
function onBoth<T>(act: (socket: string) => Promise<T>): Promise<[containerd: T, stowage: T]> {
  return Promise.all([act(containerd), act(stowage)]);
}

test("an ingest that goes on is listed with what it wrote, and is a blob once its input ends", async () => {
  const [theirs, ours] = await onBoth(async (socket) => {
    const ctr = createCtr(socket);
    const ingest = openIngest(socket, "parity-slow", "slow");
    ingest.write(new Uint8Array(2 * mib));
    const active = () => ctr(["-n", "parity-slow", "content", "active"]);
    await expect.poll(async () => (await active()).stdout).toContain("2.097MB");
    const seen = [
      await active(),
      await ctr(["-n", "parity-slow", "content", "active", "ref==slow"]),
      await ctr(["-n", "parity-slow", "content", "active", "ref==other"]),
      await ctr(["-n", "parity-slow", "content", "ls"]),
      await ctr(["-n", "parity-slow", "content", "label", `sha256:${"b".repeat(64)}`, "a=b"]),
    ];
    const status = await ingest.end();
    const after = [
      await active(),
      await ctr(["-n", "parity-slow", "content", "ls"]),
      await ctr(["namespaces", "rm", "parity-slow"]),
    ];
    return [status, ...[...seen, ...after].map((outcome) => normalise(outcome))];
  });
  expect(ours).toEqual(theirs);
});

test("a namespace that has only ingests is removed, and they with it", async () => {
  const [theirs, ours] = await onBoth(async (socket) => {
    const ctr = createCtr(socket);
    const seen = [
      await ctr(["-n", "parity-left", "content", "ingest", "--expected-size", "9", "left"], { input: "short" }),
      await ctr(["-n", "parity-left", "content", "active"]),
      await ctr(["namespaces", "rm", "parity-left"]),
      await ctr(["-n", "parity-left", "content", "active"]),
      await ctr(["namespaces", "rm", "parity-left"]),
    ];
    return seen.map((outcome) => normalise(outcome));
  });
  expect(ours).toEqual(theirs);
});

test("ctr waits for a ref that another one writes, and is done when that is", async () => {
  const [theirs, ours] = await onBoth(async (socket) => {
    const ctr = createCtr(socket);
    const first = openIngest(socket, "parity-wait", "shared");
    first.write(new Uint8Array(mib));
    const active = () => ctr(["-n", "parity-wait", "content", "active"]);
    await expect.poll(async () => (await active()).stdout).toContain("1.049MB");
    const second = ctr(["-n", "parity-wait", "content", "ingest", "shared"], { input: new Uint8Array(mib) });
    const ended = await first.end();
    return [ended, normalise(await second), normalise(await ctr(["-n", "parity-wait", "content", "ls"]))];
  });
  expect(ours).toEqual(theirs);
});

/** The kind and text of what an act is refused with. */
async function refusal(act: (store: Store) => Promise<unknown>, socket: string): Promise<unknown> {
  const store = createRemoteStore(grpcTransport(socket), { namespace: "parity-store" });
  try {
    await act(store);
  } catch (error) {
    if (error instanceof Error && "kind" in error) return { kind: error.kind, text: normaliseText(error.message) };
    throw error;
  }
  return "no refusal";
}

const refusals: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  "a ref that another writer holds": async (store) => {
    await using writer = await store.writer({ ref: "held/by:another@one" });
    await store.writer({ ref: writer.ref });
  },
  "a status of no ingest": (store) => store.status('no"such'),
  "an abort of no ingest": (store) => store.abort('no"such'),
  "a filter of ingests that does not parse": (store) => Array.fromAsync(store.listStatuses(["ref="])),
  "a commit of another size": async (store) => {
    await using writer = await store.writer({ ref: 'siz"e' });
    await writer.write(Buffer.from("five\n"));
    await writer.commit({ size: 6 });
  },
  "a commit of what is there": async (store) => {
    for (const ref of ["once", "twice"]) {
      await using writer = await store.writer({ ref });
      await writer.write(Buffer.from("the same"));
      await writer.commit();
    }
  },
  "a commit with a label that is too long": async (store) => {
    await using writer = await store.writer({ ref: "label" });
    await writer.write(Buffer.from("labelled"));
    await writer.commit({ labels: { key: "v".repeat(5000) } });
  },
};

for (const [what, act] of Object.entries(refusals)) {
  test(`${what} is refused with the same kind and text`, async () => {
    const [theirs, ours] = await onBoth((socket) => refusal(act, socket));
    expect(ours).toEqual(theirs);
    expect(theirs).not.toBe("no refusal");
  });
}
