/**
 * A process that commits a blob under a lease and is killed at a point of it: `before` the store below has published the bytes, or right
 * `after`, when their row is not written yet.
 */
import { pino } from "pino";
import type { Store, Writer } from "../../../content/store.ts";
import { openMetadata } from "../../../server/metadata/sqlite.ts";
import { openLocalStore } from "../../../server/stores/local/store.ts";

const [, , root = "", point] = process.argv;

function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

function dying(writer: Writer): Writer {
  return {
    ...writer,
    async commit(options) {
      if (point === "before") await die();
      await writer.commit(options);
      return await die();
    },
  };
}

const local = await openLocalStore(root);
const below: Store = { ...local, writer: async (...options) => dying(await local.writer(...options)) };
const metadata = await openMetadata({ root, below, logger: pino({ level: "silent" }) });
await metadata.leases.create("a", "l", {});
const writer = await metadata.in({ namespace: "a", lease: "l" }).writer({ ref: "r" });
await writer.write(Buffer.from("bytes"));
await writer.commit({ labels: { kept: "yes" } });
