import { describe, expect, test } from "vitest";
import { parseCommand, UsageError, usage } from "../../server/config.ts";

const serve = (argv: readonly string[], env: Record<string, string> = {}) => parseCommand(argv, env);

describe("what is not said", () => {
  test("is 127.0.0.1:3000, data, and the socket in it", () => {
    expect(serve([])).toEqual({
      kind: "serve",
      data: "data",
      listen: [{ host: "127.0.0.1", port: 3000 }],
      socket: "data/stowage.sock",
    });
    expect(serve(["--data", "/srv/blobs"])).toMatchObject({ socket: "/srv/blobs/stowage.sock" });
  });

  test("is taken from the environment, where a flag goes first and an empty variable is none", () => {
    const env = { STOWAGE_LISTEN: "127.0.0.1:1, [::1]:2", STOWAGE_SOCKET: "s", STOWAGE_DATA: "d" };
    const listen = [
      { host: "127.0.0.1", port: 1 },
      { host: "::1", port: 2 },
    ];
    expect(serve([], env)).toEqual({ kind: "serve", data: "d", listen, socket: "s" });
    expect(serve(["--data=e", "--socket", "t", "--listen", "localhost:0"], env)).toEqual({
      kind: "serve",
      data: "e",
      listen: [{ host: "localhost", port: 0 }],
      socket: "t",
    });
    expect(serve([], { STOWAGE_LISTEN: "", STOWAGE_SOCKET: "", STOWAGE_DATA: "" })).toEqual(serve([]));
  });
});

test("--listen is said again for more addresses", () => {
  expect(serve(["--listen", "127.0.0.1:1", "--listen", "[::1]:65535"])).toMatchObject({
    listen: [
      { host: "127.0.0.1", port: 1 },
      { host: "::1", port: 65535 },
    ],
  });
});

test("--help and --version need nothing else, and the usage names every flag", () => {
  expect(serve(["--help"])).toEqual({ kind: "help" });
  expect(serve(["--version", "--data", "d"])).toEqual({ kind: "version" });
  for (const flag of ["--listen", "--socket", "--data", "--help", "--version"]) expect(usage).toContain(flag);
});

describe("what is refused in one line", () => {
  test.for<[string, readonly string[], string]>([
    ["an unknown flag", ["--colour"], "--colour"],
    ["a word that is no flag", ["serve"], "serve"],
    ["a flag without its value", ["--data"], "--data"],
    ["a flag with an empty value", ["--data", ""], "--data needs a value"],
    ["an empty socket", ["--socket="], "--socket needs a value"],
    ["a value for a flag that has none", ["--help=yes"], "--help"],
    ["a port alone", ["--listen", "3000"], '"3000" is no HOST:PORT'],
    ["a host alone", ["--listen", "localhost"], "is no HOST:PORT"],
    ["a port that is none", ["--listen", "localhost:65536"], "is no HOST:PORT"],
    ["a port of letters", ["--listen", "localhost:http"], "is no HOST:PORT"],
    ["an IPv6 address without brackets", ["--listen", "::1:3000"], "is no HOST:PORT"],
    ["an empty address", ["--listen", ""], "is no HOST:PORT"],
    ["an address that others reach", ["--listen", "0.0.0.0:3000"], "can be reached by others"],
    ["every IPv6 address", ["--listen", "[::]:3000"], "can be reached by others"],
    ["a name of a machine", ["--listen", "stowage.example:3000"], "can be reached by others"],
    ["what looks like loopback", ["--listen", "127.0.0.1.example:3000"], "can be reached by others"],
    ["a number that is no address", ["--listen", "127.0.0.999:3000"], "can be reached by others"],
  ])("%s", ([, argv, text]) => {
    const refused = () => serve(argv);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(text);
    expect(refused).not.toThrow("\n");
  });

  test("also from the environment", () => {
    expect(() => serve([], { STOWAGE_LISTEN: "127.0.0.1:1,0.0.0.0:2" })).toThrow("0.0.0.0:2 can be reached by others");
  });
});
