import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { lockFaults } from "../../scripts/check/lock.mjs";
import { missingEntries } from "../../scripts/lock/missing.mjs";
import { platformOf } from "../../scripts/lock/platform.mjs";
import { root } from "../../scripts/setup/paths.mjs";

test("the lock holds every package for every machine, and no download address", async () => {
  expect(await lockFaults(root)).toEqual([]);
});

test("Node is locked as exactly one version for every machine", async () => {
  const { optionalDependencies } = JSON.parse(await readFile(`${root}/package.json`, "utf8"));
  const versions = new Set(Object.values(optionalDependencies));
  expect([...versions]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
});

describe("what npm left out of a lock", () => {
  const tool = {
    version: "1.2.3",
    dev: true,
    license: "MIT",
    optionalDependencies: { "@tool/linux-x64-musl": "1.2.3" },
  };

  test("is added for the machines that its name tells", () => {
    const lock = { packages: { "": {}, "node_modules/tool": tool } };
    expect(missingEntries(lock)).toEqual({
      "node_modules/@tool/linux-x64-musl": {
        version: "1.2.3",
        os: ["linux"],
        cpu: ["x64"],
        libc: ["musl"],
        dev: true,
        license: "MIT",
        optional: true,
      },
    });
  });

  test.each([
    ["at the top", "node_modules/@tool/linux-x64-musl"],
    ["within the package", "node_modules/a/node_modules/tool/node_modules/@tool/linux-x64-musl"],
    ["beside the package", "node_modules/a/node_modules/@tool/linux-x64-musl"],
  ])("is not added where it stands %s", (_, place) => {
    const packages = { "node_modules/a/node_modules/tool": tool, [place]: { version: "1.2.3" } };
    expect(missingEntries({ packages })).toEqual({});
  });

  test("is added where only a package elsewhere in the tree holds it", () => {
    const packages = { "node_modules/tool": tool, "node_modules/a/node_modules/@tool/linux-x64-musl": {} };
    expect(Object.keys(missingEntries({ packages }))).toEqual(["node_modules/@tool/linux-x64-musl"]);
  });

  test("is refused where it is asked for by a range", () => {
    const packages = { "node_modules/tool": { optionalDependencies: { "tool-darwin-x64": "^1.0.0" } } };
    expect(() => missingEntries({ packages })).toThrow("tool-darwin-x64 is asked for as ^1.0.0, not as one version");
  });
});

describe("the name of a package tells its machines", () => {
  test.each([
    ["@biomejs/cli-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }],
    ["@bufbuild/buf-linux-armv7", { os: ["linux"], cpu: ["arm"] }],
    ["@next/swc-win32-x64-msvc", { os: ["win32"], cpu: ["x64"] }],
    ["@oxc-parser/binding-linux-arm-musleabihf", { os: ["linux"], cpu: ["arm"], libc: ["musl"] }],
    ["lightningcss-linux-arm64-gnu", { os: ["linux"], cpu: ["arm64"], libc: ["glibc"] }],
    ["@oxc-parser/binding-android-arm-eabi", { os: ["android"], cpu: ["arm"] }],
  ])("%s", (name, machines) => {
    expect(platformOf(name)).toEqual(machines);
  });

  test.each(["fsevents", "@x64/linux", "tool-linux"])("but not that of %s", (name) => {
    expect(() => platformOf(name)).toThrow("does not tell which machines it is for");
  });
});
