import { describe, expect, test } from "vitest";
import { boundaryFaults, faultsOf } from "../../scripts/check/boundaries.mjs";
import { root } from "../../scripts/setup/paths.mjs";

test("no import goes against the arrows between the folders", async () => {
  expect(await boundaryFaults(root)).toEqual([]);
});

describe("an import is refused", () => {
  test.each([
    ["content/store.ts", 'import { x } from "../server/config.ts";'],
    ["content/store.ts", 'import type { X } from "../gen/stowage/v1/content_pb.js";'],
    ["content/filters/parser.ts", 'export * from "../../app/_ui/join.ts";'],
    ["app/_live/live.ts", 'const x = await import("../../gen/stowage/v1/content_pb.js");'],
    ["app/page.tsx", 'import "../server/main.ts";'],
    ["server/main.ts", 'import { x } from "../app/layout.tsx";'],
    ["server/main.ts", 'import { x } from "../test/server/feed/table.ts";'],
    ["server/listen/rpc.ts", 'import {\n  x,\n} from "../../gen/stowage/v1/content_pb.js";'],
    ["server/stores/local/store.ts", 'import { x } from "../../services/content.ts";'],
    ["server/config.ts", 'import { x } from "../scripts/setup/paths.mjs";'],
  ])("of %s: %s", (file, text) => {
    expect(faultsOf(file, text)).toEqual([expect.stringContaining(`${file} imports `)]);
  });
});

describe("an import is let be", () => {
  test.each([
    ["app/page.tsx", 'import { x } from "../content/store.ts";'],
    ["content/wire/errors.ts", 'import { X } from "../../gen/stowage/v1/error_pb.js";'],
    ["content/remote/store.ts", 'import { X } from "../../gen/stowage/v1/content_pb.js";'],
    ["server/policy/interceptor.ts", 'import { X } from "../../gen/stowage/v1/error_pb.js";'],
    ["server/services/content.ts", 'import { X } from "../stores/local/store.ts";'],
    ["server/stores/local/store.ts", 'import { X } from "../../../content/store.ts";'],
    ["test/app/format.test.ts", 'import { X } from "../../app/_ui/format.ts";'],
    ["app/page.tsx", 'import { useState } from "react";'],
  ])("of %s: %s", (file, text) => {
    expect(faultsOf(file, text)).toEqual([]);
  });
});

test.each(["process.env.HOME", "process.argv[2]"])("only one file of the server reads %s", (text) => {
  expect(faultsOf("server/config.ts", text)).toEqual([]);
  expect(faultsOf("server/listen/bind.ts", text)).toEqual([expect.stringContaining("only server/config.ts does")]);
  expect(faultsOf("content/store.ts", text)).toHaveLength(1);
});
