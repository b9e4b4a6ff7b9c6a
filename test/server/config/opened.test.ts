import { join } from "node:path";
import { expect, test } from "vitest";
import { openAll } from "../../../server/config/opened.ts";
import { UsageError } from "../../../server/config/usage-error.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

async function openNames(open: readonly string[], taken: readonly string[] = []): Promise<readonly string[]> {
  return (await openAll(builtinPlugins, { open }, taken)).map(({ name }) => name);
}

test("stores that would have one name are told apart by numbers", async () => {
  const [one, other] = [join(await makeTempDir(), "app"), join(await makeTempDir(), "app")];
  const open = [`oci-layout:${one}`, `oci-layout:${other}`, "containerd:/run/a.sock", "containerd:/run/b.sock"];
  expect(await openNames(open, ["containerd"])).toEqual(["app", "app-2", "containerd-2", "containerd-3"]);
});

test("a target that is named twice is refused, however it is written", async () => {
  const twice = openNames(["containerd:/run/a.sock", "buildkit:/run/a.sock", "containerd:unix:///run/a.sock"]);
  await expect(twice).rejects.toThrow(UsageError);
  await expect(twice).rejects.toThrow("cannot open containerd:unix:///run/a.sock twice: it is containerd already");
});

test.each(["containerd:https://node:1", "buildkit:http://node:1/path"])(
  "%s is no place of a daemon",
  async (target) => {
    await expect(openNames([target])).rejects.toThrow(
      `cannot open ${target}: address: is neither a socket (unix:/PATH) nor http://HOST:PORT`,
    );
  },
);
