import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { tarEnd, tarHeader, tarPadding } from "../../../../server/listen/export/tar.ts";

/** What `tar` lists of these bytes: size and name of each file. */
function listed(bytes: Uint8Array): string {
  const { stdout } = spawnSync("tar", ["-tvf", "-"], { input: bytes, encoding: "utf8", env: { TZ: "UTC" } });
  return stdout.replace(/ +/g, " ").trim();
}

test("a file comes out as it went in, whatever its size leaves of a block", () => {
  for (const size of [0, 1, 511, 512, 513]) {
    const archive = Buffer.concat([tarHeader("name", size), Buffer.alloc(size, "x"), tarPadding(size), tarEnd]);
    expect(archive.length % 512).toBe(0);
    expect(listed(archive)).toBe(`-r--r--r-- 0/0 ${size} 1970-01-01 00:00 name`);
  }
});

test("a name and a size that fit into no header stand before it", () => {
  const long = `blobs/sha512/${"ab".repeat(64)}`;
  const limit = 8 ** 11;
  for (const [name, size] of [
    [long, 0],
    ["large", limit],
    [long, 3 * limit],
    ["x".repeat(101), limit - 1],
  ] as const) {
    const header = tarHeader(name, size);
    expect(header.length % 512).toBe(0);
    expect(listed(header)).toBe(`-r--r--r-- 0/0 ${size} 1970-01-01 00:00 ${name}`);
  }
});
