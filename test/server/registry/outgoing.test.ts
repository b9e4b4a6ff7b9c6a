import { describe, expect, test } from "vitest";
import type { OutgoingOptions } from "../../../server/registry/outgoing.ts";
import { createOutgoing } from "../../../server/registry/outgoing.ts";
import { startHttp } from "./http-server.ts";

const here = { plain_http: true, allow_private: true };

function outgoing(options: Partial<OutgoingOptions> = {}) {
  return createOutgoing({ registries: {}, userAgent: "test", ...options });
}

/** Why a URL is not asked. */
async function refusal(url: string, options: Partial<OutgoingOptions> = {}): Promise<string> {
  return await outgoing(options)(url, {}).then(
    ({ status }) => `answered ${status}`,
    (error: Error & { kind?: string }) => `${error.kind}: ${error.message}`,
  );
}

describe("a host that the config does not name", () => {
  test.each([
    ["https://127.0.0.1:1/", "127.0.0.1:1 is not a public address"],
    ["https://0x7f.1/", "127.0.0.1 is not a public address"],
    ["https://[::1]/", "[::1] is not a public address"],
    ["https://[::ffff:10.0.0.1]/", "[::ffff:a00:1] is not a public address"],
    ["http://1.1.1.1/", "1.1.1.1 is to be asked without TLS"],
    ["https://user:secret@1.1.1.1/", "1.1.1.1 is named with a user"],
  ])("is refused as %s", async (url, words) => {
    expect(await refusal(url)).toContain(`permission-denied: ${words}`);
  });

  test("is refused by what its name resolves to, also where only one of its addresses is private", async () => {
    const resolve = async () => [
      { address: "1.1.1.1", family: 4 },
      { address: "10.0.0.7", family: 4 },
    ];
    expect(await refusal("https://registry.example/v2/", { resolve })).toContain(
      "permission-denied: registry.example is at 10.0.0.7, not a public address",
    );
  });

  test("is not the one of another port", async () => {
    const registries = { "127.0.0.1:5000": here };
    expect(await refusal("http://127.0.0.1:5001/", { registries })).toContain("permission-denied");
  });

  test("whose name cannot be resolved is said so", async () => {
    const resolve = () => Promise.reject(new Error("no such name"));
    expect(await refusal("https://registry.example/", { resolve })).toBe(
      "unavailable: registry.example cannot be resolved",
    );
  });
});

test("a host that the config names is asked at the address that was looked at, resolved once", async () => {
  const server = await startHttp((_, response) => response.end("hello"));
  const name = `registry.test:${server.host.split(":")[1]}`;
  const resolved: string[] = [];
  const resolve = async (asked: string) => {
    resolved.push(asked);
    return [{ address: "127.0.0.1", family: 4 }];
  };
  const answer = await outgoing({ registries: { [name]: here }, resolve })(`http://${name}/v2/`, {});
  expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
  expect(resolved).toEqual(["registry.test"]);
  expect(server.asked).toMatchObject([{ url: "/v2/", headers: { host: name, "user-agent": "test" } }]);
});

describe("a redirect", () => {
  test.each(["https://169.254.169.254/latest", "http://169.254.169.254/latest", "https://[fe80::1]/"])(
    "to %s is refused",
    async (location) => {
      const server = await startHttp((_, response) => response.writeHead(307, { location }).end());
      const registries = { [server.host]: here };
      expect(await refusal(`http://${server.host}/`, { registries })).toMatch(
        /^permission-denied: (?:169\.254\.169\.254|\[fe80::1\]) is not a public address/,
      );
    },
  );

  test("to another host goes without credentials, and to the same one with them", async () => {
    const other = await startHttp((_, response) => response.end("there"));
    const server = await startHttp(({ url }, response) => {
      const location = url === "/" ? "/again" : `http://${other.host}/blob`;
      response.writeHead(302, { location }).end();
    });
    const ask = outgoing({ registries: { [server.host]: here, [other.host]: here } });
    const answer = await ask(`http://${server.host}/`, { headers: { authorization: "Bearer secret" } });
    expect(await answer.text()).toBe("there");
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer secret", "Bearer secret"]);
    expect(other.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test("without end is refused", async () => {
    const server = await startHttp((_, response) => response.writeHead(302, { location: "/" }).end());
    expect(await refusal(`http://${server.host}/`, { registries: { [server.host]: here } })).toContain(
      "redirects too often",
    );
    expect(server.asked).toHaveLength(6);
  });
});
