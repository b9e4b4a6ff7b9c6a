import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { ask } from "../listen/serve.ts";
import { sha256 } from "../services/calls.ts";
import { namespace, serveSeveral } from "../store-set/several.ts";

/** A node that hands out its own name as every file. @param port 0: any @returns its port, and what it was shown */
async function serveNode(name: string, host: string, port = 0) {
  const shown: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    shown.push(headers.authorization);
    response.end(name);
  });
  server.listen(port, host);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { shown, port: (server.address() as AddressInfo).port };
}

test("nodes of one name are told apart by the address that is dialled, and each is shown its own token", async () => {
  const one = await serveNode("one", "127.0.0.1");
  const two = await serveNode("two", "127.0.0.2", one.port);
  const root = await makeTempDir();
  const specs = [
    { name: "one", dial: "127.0.0.1" },
    { name: "two", dial: "127.0.0.2" },
  ].map(async ({ name, dial }) => {
    const token_file = join(root, name);
    await writeFile(token_file, `stw_of-${name}\n`);
    const config = { url: `http://node.invalid:${one.port}`, dial, token_file };
    return { name, plugin: remoteStorePlugin as unknown as Plugin, config };
  });
  const { url } = await serveSeveral(await Promise.all(specs));
  for (const name of ["one", "two", "one", "two"]) {
    const { text } = await ask(`${url}/-/blob?store=${name}&ns=${namespace}&d=${sha256("x")}`);
    expect(text).toBe(name);
  }
  expect(new Set(one.shown)).toEqual(new Set(["Bearer stw_of-one"]));
  expect(new Set(two.shown)).toEqual(new Set(["Bearer stw_of-two"]));
});
