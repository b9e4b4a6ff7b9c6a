import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fetchMissing, missingOf } from "../../content/remote/missing.ts";
import { writePlatforms } from "../support/archives.ts";
import { createCtr } from "../support/ctr.ts";
import { grpcTransport } from "../support/grpc.ts";
import { startRegistry } from "../support/registry.ts";
import type { run } from "../support/run.ts";
import { startStowage } from "../support/stowage.ts";
import { makeTempDir } from "../support/temp-dir.ts";

/** What a command prints, once it has succeeded. */
async function printed(outcome: ReturnType<typeof run>): Promise<string> {
  const { status, stdout, stderr } = await outcome;
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

test("an image whose blobs were deleted is whole again from a registry that the config names, and from no other", async () => {
  const registry = await startRegistry();
  onTestFinished(() => registry[Symbol.asyncDispose]());
  const config = `[registries.${JSON.stringify(registry.address)}]\nplain_http = true\nallow_private = true\n`;
  const { socket } = await startStowage([], config);
  const ctr = createCtr(socket);
  const transport = grpcTransport(socket);
  const folder = await makeTempDir();
  const archive = join(folder, "many.tar");
  const name = `${registry.address}/team/many:1`;
  const { images } = await writePlatforms(archive, name, ["linux/amd64", "linux/arm64"]);
  await printed(ctr(["images", "import", "--no-unpack", "--all-platforms", archive]));
  await printed(ctr(["images", "push", "--plain-http", name]));

  const amd = images["linux/amd64"];
  const gone = [...(amd?.layers ?? []), amd?.config ?? ""];
  await printed(ctr(["content", "rm", ...gone]));
  expect((await missingOf(transport, "default", name)).count).toBe(gone.length);
  let last: unknown;
  for await (const told of fetchMissing(transport, "default", name, new AbortController().signal)) last = told;
  expect(last).toMatchObject({ host: registry.address, blobsDone: gone.length, complete: true });
  expect(await missingOf(transport, "default", name)).toEqual({ blobs: [], count: 0, truncated: false });
  await printed(ctr(["images", "export", "--all-platforms", join(folder, "again.tar"), name]));

  const elsewhere = name.replace(/:\d+\//, ":1/");
  await printed(ctr(["images", "tag", name, elsewhere]));
  await printed(ctr(["content", "rm", ...gone]));
  const refused = fetchMissing(transport, "default", elsewhere, new AbortController().signal);
  await expect(Array.fromAsync(refused)).rejects.toMatchObject({
    kind: "permission-denied",
    message: "127.0.0.1:1 is not a public address: allow_private in the config is for such hosts",
  });
});
