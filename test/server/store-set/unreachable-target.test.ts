import { chmod, rename } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openTarget } from "../../../server/store-set/open-target.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const options = { allowsChanges: false };

/** Nobody's user id, who may not do what root may. */
const nobody = 65_534;

/** Do something as somebody who is not root. */
async function withoutRoot<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return await work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** A socket that is listened on by what hangs up. */
async function socketOfOther(): Promise<string> {
  const folder = await makeTempDir();
  await chmod(folder, 0o755);
  const path = join(folder, "some.sock");
  const server = createServer((socket) => socket.end("hello\n").on("error", () => undefined)).listen(path);
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  return path;
}

test("a socket that may not be used says who may", async () => {
  const path = await socketOfOther();
  await chmod(path, 0o600);
  if (process.getuid?.() !== 0) await chmod(path, 0);
  await expect(withoutRoot(() => openTarget(path, options))).rejects.toThrow(
    `cannot open ${path}: permission denied; run as a user who may, such as one of the socket's group`,
  );
});

test("a socket that a daemon left behind says that nothing listens", async () => {
  const path = await socketOfOther();
  const left = join(dirname(path), "left.sock");
  const daemon = createServer().listen(`${left}.was`);
  await new Promise((resolve) => daemon.once("listening", resolve));
  await rename(`${left}.was`, left);
  await new Promise((resolve) => daemon.close(resolve));
  await expect(openTarget(left, options)).rejects.toThrow(`cannot open ${left}: nothing listens there; is it running?`);
});

test("a socket of something else is told as one that does not say what it is", async () => {
  const path = await socketOfOther();
  await expect(openTarget(path, options)).rejects.toThrow(
    `cannot open ${path}: it does not say what it is, as a containerd`,
  );
});

test("a URL with a password in it is not shown again", async () => {
  await expect(openTarget("https://mei:secret@node:3000", options)).rejects.toThrow(
    "cannot open a URL with a user or a password in it; this server's token is in the file of --token-file",
  );
});
