import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { definePlugin } from "../../../server/plugins/plugin.ts";
import { disposePlugins, openPlugins } from "../../../server/plugins/registry.ts";
import { StartError } from "../../../server/start-error.ts";
import { createLog } from "../../support/log.ts";
import { plugin } from "./plugins.ts";

function open(
  plugins: readonly Plugin[],
  config: Readonly<Record<string, unknown>> = {},
  off: Readonly<Record<string, string>> = {},
) {
  const { logger } = createLog();
  return openPlugins(plugins, {
    root: "/data",
    config,
    off,
    logger,
    version: "1.2.3",
    stopping: new AbortController().signal,
  });
}

const fails = () => Promise.reject(new Error("no space"));

/** What opens, writes down when it is disposed of. */
function recording() {
  const disposed: string[] = [];
  const disposable = (name: string) => async () =>
    ({
      [Symbol.asyncDispose]: async () => {
        disposed.push(name);
      },
    }) as never;
  const listener = async () => ({
    urls: ["http://127.0.0.1:1"],
    close: async () => {
      disposed.push("listener");
    },
  });
  return { disposed, disposable, listener };
}

describe("what opens", () => {
  test("is told in its context where it is, its config, and what it requires", async () => {
    const store = { name: "the store" };
    const seen: unknown[] = [];
    const { reports } = await open([
      plugin("store/local", [], async () => store as never),
      plugin("service/one", ["store/local"], async (context) => {
        seen.push(context.root, context.version, context.get("store", "local"));
        context.all("store");
        return { register: () => undefined };
      }),
    ]);
    expect(seen).toEqual(["/data", "1.2.3", store]);
    // It named one store, so it may not ask for all of them.
    expect(reports[1]).toMatchObject({ reason: "service/one asks for any store, which it does not require" });
  });

  test("asks for the one of a type, which must be one", async () => {
    const service = plugin("service/one", ["store"], async (context) => {
      context.get("store");
      return { register: () => undefined };
    });
    const [, , report] = (await open([plugin("store/a"), plugin("store/b"), service])).reports;
    expect(report).toMatchObject({ state: "failed", reason: "service/one needs one store and there are 2" });
  });

  test("gets its config by its own schema, defaults included", async () => {
    const seen: unknown[] = [];
    const sized = definePlugin({
      type: "service",
      id: "sized",
      requires: [],
      config: z.strictObject({ size: z.int().default(7), names: z.array(z.string()).default([]) }),
      open: async ({ config }) => {
        seen.push(config);
        return { register: () => undefined };
      },
    }) as unknown as Plugin;
    await open([sized]);
    await open([sized], { "service/sized": { size: 8 } });
    expect(seen).toEqual([
      { size: 7, names: [] },
      { size: 8, names: [] },
    ]);
    const reasonOf = async (config: unknown) => (await open([sized], { "service/sized": config })).reports[0];
    expect(await reasonOf({ names: ["a", 5] })).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(/^config service\/sized\.names\.1: /),
    });
    expect(await reasonOf({ colour: 1 })).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(/^config service\/sized\.colour: unknown key "colour"; allowed are names, size$/),
    });
    expect(seen).toHaveLength(2);
  });

  test("says of itself what it can do, and of what it opened where that is", async () => {
    const listening = definePlugin({
      type: "listener",
      id: "one",
      requires: [],
      config: z.strictObject({}),
      capabilities: ["h2c"],
      exports: ({ urls }) => ({ urls: urls.join(" ") }),
      open: async () => ({ urls: ["http://127.0.0.1:1"], close: async () => undefined }),
    }) as unknown as Plugin;
    expect((await open([listening])).reports).toEqual([
      {
        type: "listener",
        id: "one",
        requires: [],
        capabilities: ["h2c"],
        state: "open",
        exports: { urls: "http://127.0.0.1:1" },
      },
    ]);
  });

  test("learns from its context what became of the others, also of those that came after it", async () => {
    let ask = (): readonly unknown[] => [];
    await open([
      plugin("service/asks", [], async ({ reports }) => {
        ask = reports;
        expect(reports()).toEqual([]);
        return { register: () => undefined };
      }),
      plugin("service/bad", [], fails),
    ]);
    expect(ask()).toMatchObject([
      { id: "asks", state: "open" },
      { id: "bad", state: "failed", reason: "no space" },
    ]);
  });

  test("config for a plugin that is not there is refused", async () => {
    await expect(open([], { "store/s3": {} })).rejects.toThrow("there is config for store/s3, but no such plugin");
    await expect(open([], {}, { "store/s3": "no" })).rejects.toThrow(
      "there is config for store/s3, but no such plugin",
    );
  });
});

describe("what does not open", () => {
  test("a plugin whose requirement is missing is off and says why, and so is what requires that", async () => {
    const { reports } = await open([
      plugin("service/one", ["metadata"]),
      plugin("listener/http", ["service/one"]),
      plugin("service/two"),
    ]);
    expect(reports).toMatchObject([
      { type: "service", id: "one", state: "off", reason: "it requires any metadata, which is not in the list" },
      {
        type: "listener",
        id: "http",
        state: "off",
        reason: "it requires service/one, which is off: it requires any metadata, which is not in the list",
      },
      { type: "service", id: "two", state: "open" },
    ]);
    expect(reports[1]).not.toHaveProperty("error");
  });

  test("one that the config turns off is not opened, and nothing is wrong with it", async () => {
    const opened: string[] = [];
    const note = (id: string) => async () => {
      opened.push(id);
      return { register: () => undefined };
    };
    const plugins = [
      plugin("service/one", [], note("one")),
      plugin("service/two", ["service/one"], note("two")),
      plugin("service/three", [], note("three")),
    ];
    const { reports } = await open(plugins, {}, { "service/one": "the config turns it off" });
    expect(opened).toEqual(["three"]);
    expect(reports).toMatchObject([
      { id: "one", state: "off", reason: "the config turns it off" },
      { id: "two", state: "off", reason: "it requires service/one, which is off: the config turns it off" },
      { id: "three", state: "open" },
    ]);
    expect(reports[1]).not.toHaveProperty("error");
  });

  test("one that fails is left out, with its reason, where nothing requires it", async () => {
    const registry = await open([plugin("service/bad", [], fails), plugin("service/good")]);
    expect(registry.reports).toMatchObject([
      { id: "bad", state: "failed", reason: "no space" },
      { id: "good", state: "open" },
    ]);
    expect(registry.all("service")).toHaveLength(1);
  });

  test("what requires one that failed is off with its name and reason, and with its error", async () => {
    const plugins = [
      plugin("store/local", [], fails),
      plugin("metadata/sql", ["store/local"]),
      plugin("service/one", ["metadata"]),
    ];
    const { reports } = await open(plugins);
    const error = new StartError("store/local did not open: no space");
    expect(reports).toMatchObject([
      { id: "local", state: "failed", reason: "no space", error },
      { id: "sql", state: "off", reason: "it requires store/local, which failed: no space", error },
      {
        id: "one",
        state: "off",
        reason: "it requires any metadata, which is off: it requires store/local, which failed: no space",
        error,
      },
    ]);
  });

  test("what a plugin says to people about its failure is said as it is", async () => {
    const said = new StartError("cannot listen on 127.0.0.1:80");
    const { reports } = await open([plugin("store/local", [], () => Promise.reject(said))]);
    expect(reports[0]).toMatchObject({ reason: said.message, error: said });
  });

  test("of several that would do, one that is open is enough", async () => {
    const { reports } = await open([
      plugin("service/bad", [], fails),
      plugin("service/good"),
      plugin("listener/http", ["service"]),
    ]);
    expect(reports.map(({ state }) => state)).toEqual(["failed", "open", "open"]);
  });
});

describe("what was opened", () => {
  test("is disposed of, listeners first and stores last", async () => {
    const { disposed, disposable, listener } = recording();
    const registry = await open([
      plugin("store/a", [], disposable("store a")),
      plugin("store/b", [], disposable("store b")),
      plugin("metadata/sql", ["store"], disposable("metadata")),
      plugin("listener/http", ["metadata"], listener),
      plugin("service/bad", ["listener"], fails),
    ]);
    await disposePlugins(registry, AbortSignal.abort());
    expect(disposed).toEqual(["listener", "metadata", "store b", "store a"]);
  });

  test("is disposed of to the last, also when one of them throws", async () => {
    const { disposed, disposable } = recording();
    const broken = { [Symbol.asyncDispose]: () => Promise.reject(new Error("cannot be closed")) };
    const registry = await open([
      plugin("store/a", [], disposable("store a")),
      plugin("metadata/sql", ["store"], async () => broken as never),
      plugin("listener/http", ["metadata"], async () => ({ urls: [], close: () => Promise.reject(new Error("deaf")) })),
    ]);
    await expect(disposePlugins(registry, AbortSignal.abort())).rejects.toThrow();
    expect(disposed).toEqual(["store a"]);
  });
});
