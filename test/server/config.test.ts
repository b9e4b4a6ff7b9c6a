import { describe, expect, test } from "vitest";
import { UsageError } from "../../server/config/usage-error.ts";
import { parseCommand, usage } from "../../server/config.ts";

const parse = (argv: readonly string[], env: Record<string, string> = {}) => parseCommand(argv, env);

const flagsOf = (argv: readonly string[], env?: Record<string, string>) => {
  const command = parse(argv, env);
  return command.kind === "serve" ? command.flags : expect.fail(`it is ${command.kind}`);
};

test("what is not said is absent", () => {
  expect(flagsOf([])).toEqual({});
  expect(flagsOf([], { STOWAGE_LISTEN: "", STOWAGE_SOCKET: "", STOWAGE_DATA: "", STOWAGE_CONFIG: "" })).toEqual({});
});

test("what is said in the environment counts where no flag says it", () => {
  const env = { STOWAGE_LISTEN: "127.0.0.1:1, [::1]:2", STOWAGE_SOCKET: "s", STOWAGE_DATA: "d", STOWAGE_CONFIG: "c" };
  const listen = [
    { host: "127.0.0.1", port: 1 },
    { host: "::1", port: 2 },
  ];
  expect(flagsOf([], env)).toEqual({ listen, socket: "s", data: "d", config: "c" });
  expect(flagsOf(["--data=e", "--socket", "t", "--listen", "localhost:0", "--config", "f"], env)).toEqual({
    listen: [{ host: "localhost", port: 0 }],
    socket: "t",
    data: "e",
    config: "f",
  });
});

test("--listen is said again for more addresses", () => {
  expect(flagsOf(["--listen", "127.0.0.1:1", "--listen", "[::1]:65535"]).listen).toEqual([
    { host: "127.0.0.1", port: 1 },
    { host: "::1", port: 65535 },
  ]);
});

test("--help and --version need nothing else, and the usage names every flag", () => {
  expect(parse(["--help"])).toEqual({ kind: "help" });
  expect(parse(["--version", "--data", "d"])).toEqual({ kind: "version" });
  expect([parse(["-h"]), parse(["-v"])]).toEqual([{ kind: "help" }, { kind: "version" }]);
  for (const flag of ["--listen", "--socket", "--data", "--config", "--help", "--version"])
    expect(usage).toContain(flag);
});

describe("what is refused in one line", () => {
  test.for<[string, readonly string[], string]>([
    ["an unknown flag", ["--colour"], "--colour"],
    ["a word that is no flag", ["serve"], "serve"],
    ["a flag without its value", ["--data"], "--data"],
    ["a flag with an empty value", ["--data", ""], "--data needs a value"],
    ["an empty config", ["--config="], "--config needs a value"],
    ["an empty socket", ["--socket="], "--socket needs a value"],
    ["a value for a flag that has none", ["--help=yes"], "--help"],
    ["a port alone", ["--listen", "3000"], '"3000" is no HOST:PORT'],
    ["a host alone", ["--listen", "localhost"], "is no HOST:PORT"],
    ["a port that is none", ["--listen", "localhost:65536"], "is no HOST:PORT"],
    ["a port of letters", ["--listen", "localhost:http"], "is no HOST:PORT"],
    ["an IPv6 address without brackets", ["--listen", "::1:3000"], "is no HOST:PORT"],
    ["an empty address", ["--listen", ""], "is no HOST:PORT"],
  ])("%s", ([, argv, text]) => {
    const refused = () => parse(argv);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(text);
    expect(refused).not.toThrow("\n");
  });

  test("a flag that npm kept, since no -- stands before it", () => {
    const env = { npm_lifecycle_event: "start", npm_config_allow_changes: "true" };
    expect(() => parse([], env)).toThrow("put -- before it: npm start -- --allow-changes …");
    expect(flagsOf([], { ...env, npm_lifecycle_event: "test" })).toEqual({});
  });

  test("also from the environment", () => {
    expect(() => parse([], { STOWAGE_LISTEN: "127.0.0.1:1,2" })).toThrow('"2" is no HOST:PORT');
  });
});
