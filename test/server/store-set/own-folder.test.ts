import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { readSettings } from "../../../server/config/settings.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { openServer } from "../../../server/server.ts";
import { StartError } from "../../../server/start-error.ts";
import { localStorePlugin } from "../../../server/stores/local/plugin.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { inMemory } from "../listen/serve.ts";
import { digestsIn, namespace, put } from "./several.ts";

const plugins = [localStorePlugin, ...inMemory] as readonly Plugin[];

/** A config of stores, all of this server's own. */
const stores = (...names: readonly string[]) => names.map((name) => `[stores.${name}]\nplugin = "local"\n`).join("");

/** Start a server on a data directory with that config in it. */
async function open(data: string, config: string) {
  await writeFile(join(data, "config.toml"), config);
  const socket = join(data, "stowage.sock");
  const settings = await readSettings({ data, socket, listen: [] }, plugins);
  const server = await openServer({ ...settings, logger: createLog().logger });
  onTestFinished(() => server.close(0));
  const grpc = grpcTransport(socket);
  return { store: (store: string) => createRemoteStore(grpc, { namespace, store }), close: () => server.close(0) };
}

/** The line with which a start ends. */
async function refusal(data: string, config: string): Promise<string> {
  const error = await open(data, config).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StartError);
  return (error as StartError).message;
}

test("no change of the config shows one store's blobs under another's name", async () => {
  const data = await makeTempDir();
  const before = await open(data, stores("one", "two"));
  const digests = [await put(before.store("one"), "1"), await put(before.store("two"), "2")];
  await before.close();

  for (const [what, config, name] of [
    ["swapped", stores("two", "one"), "two"],
    ["one before it", stores("zero", "one", "two"), "zero"],
    ["taken out", stores("two"), "two"],
    ["no config", "", "local"],
  ] as const) {
    expect([what, await refusal(data, config)]).toEqual([
      what,
      `${data} is of the store one, which the config would show as ${name}: ` +
        `put [stores.one] before it, or, where that is its new name, write it into ${join(data, "store.txt")}`,
    ]);
  }

  const after = await open(data, stores("one", "three", "two"));
  expect([await digestsIn(after.store("one")), await digestsIn(after.store("two"))]).toEqual([
    [digests[0]],
    [digests[1]],
  ]);
});

test("a data directory is of one kind of store", async () => {
  const data = await makeTempDir();
  await (await open(data, '[stores.main]\nplugin = "memory"\n')).close();
  expect(await refusal(data, '[stores.main]\nplugin = "local"\n')).toBe(
    `${data} is of a store/memory, and not of a store/local; choose another with --data DIR`,
  );
});

test("a store is renamed by its mark; one of an earlier version, without a mark, is taken as it is called first", async () => {
  const data = await makeTempDir();
  const before = await open(data, stores("one"));
  const digest = await put(before.store("one"), "1");
  await before.close();
  const mark = join(data, "store.txt");
  expect(await readFile(mark, "utf8")).toBe("store/local\none\n");
  await writeFile(mark, "store/local\nnew\n");
  const renamed = await open(data, stores("new"));
  expect(await digestsIn(renamed.store("new"))).toEqual([digest]);
  await renamed.close();
  await rm(mark);
  const taken = await open(data, stores("main"));
  expect(await digestsIn(taken.store("main"))).toEqual([digest]);
  await taken.close();
  expect(await refusal(data, stores("one"))).toContain("is of the store main");
});
