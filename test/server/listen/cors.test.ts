import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { bytes, put } from "../../suite/support.ts";
import type { Served } from "./serve.ts";
import { ask, serve } from "./serve.ts";

const origin = "https://app.example";
const method = "/containerd.services.content.v1.Content/List";

const preflight = {
  origin,
  "sec-fetch-site": "cross-site",
  "access-control-request-method": "POST",
  "access-control-request-headers": "connect-protocol-version,content-type",
};

/** Names of a header's list. */
const listed = (value: string | string[] | undefined): readonly string[] => String(value).split(", ");

/** Headers of an answer that are about other origins. */
const about = (headers: object): readonly string[] =>
  Object.keys(headers).filter((name) => name.startsWith("access-control-") || name === "vary");

async function serveBlob({ url }: Served): Promise<string> {
  const digest = await put(
    createRemoteStore(createGrpcTransport({ baseUrl: url }), { namespace: "n" }),
    bytes("hello"),
  );
  return `${url}/-/blob?ns=n&d=${digest}`;
}

describe("a page of an origin that is allowed", () => {
  test.for([method, "/-/blob?ns=n", "/unknown.v1.Service/Get"])("is told what it may send to %s", async (path) => {
    const { url } = await serve({ allowOrigins: [origin] });
    const { status, headers, text } = await ask(url + path, { method: "OPTIONS", headers: preflight });
    expect([status, text]).toEqual([204, ""]);
    expect(headers).toMatchObject({ "access-control-allow-origin": origin, vary: "origin" });
    expect(listed(headers["access-control-allow-methods"])).toEqual(expect.arrayContaining(["GET", "POST"]));
    const names = ["content-type", "connect-protocol-version", "connect-timeout-ms", "x-grpc-web", "x-user-agent"];
    const ours = ["grpc-timeout", "containerd-namespace", "containerd-lease", "stowage-store", "range", "if-range"];
    expect(listed(headers["access-control-allow-headers"])).toEqual(
      expect.arrayContaining([...names, ...ours, "if-none-match", "authorization"]),
    );
    expect(Number(headers["access-control-max-age"])).toBeGreaterThan(0);
    expect(headers["access-control-allow-credentials"]).toBeUndefined();
  });

  test("may read answers, errors too, and what of a blob is in a part", async () => {
    const served = await serve({ allowOrigins: ["http://127.0.0.1:5173", origin] });
    const from = { origin, "sec-fetch-site": "cross-site" };
    const json = { "content-type": "application/json", ...from };
    const part = await ask(await serveBlob(served), { headers: { ...from, range: "bytes=1-2" } });
    expect([part.status, part.text]).toEqual([206, "el"]);
    const refused = await ask(served.url + method, { method: "POST", headers: json, body: "{}" });
    const unknown = await ask(`${served.url}/unknown.v1.Service/Get`, { method: "POST", headers: json });
    expect([refused.status, unknown.status]).toEqual([415, 501]);
    for (const { headers } of [part, refused, unknown]) {
      const shared = { "access-control-allow-origin": origin, "cross-origin-resource-policy": "cross-origin" };
      expect(headers).toMatchObject({ ...shared, vary: "origin" });
      const names = ["grpc-status", "grpc-message", "grpc-status-details-bin"];
      expect(listed(headers["access-control-expose-headers"])).toEqual(
        expect.arrayContaining([...names, "content-range", "accept-ranges", "etag", "content-length"]),
      );
      expect(headers["access-control-allow-credentials"]).toBeUndefined();
    }
  });

  test("gets no page shared with it, and may ask for nothing else", async () => {
    const { url } = await serve({ allowOrigins: [origin] });
    const { status, headers } = await ask(`${url}/healthz`, { headers: { origin } });
    expect([status, about(headers)]).toEqual([200, []]);
    expect((await ask(`${url}/content`, { method: "OPTIONS", headers: preflight })).status).toBe(405);
  });
});

describe("a page of another origin", () => {
  test.for([undefined, ["https://other.example"]])(
    "is refused where %j may call, with its question too",
    async (allowOrigins) => {
      const served = await serve(allowOrigins && { allowOrigins });
      const blob = await serveBlob(served);
      for (const [path, options] of [
        [served.url + method, { method: "OPTIONS", headers: preflight }],
        [served.url + method, { method: "POST", headers: { origin, "content-type": "application/json" }, body: "{}" }],
        [blob, { headers: { origin } }],
      ] as const) {
        const { status, headers, text } = await ask(path, options);
        expect([status, about(headers)]).toEqual([403, []]);
        expect(text).toBe("called from a page of another origin, which allow_origins in the config does not name\n");
      }
    },
  );

  test("does not know what the server's own pages are told", async () => {
    const served = await serve({ allowOrigins: [origin] });
    const own = await ask(await serveBlob(served), {
      headers: { origin: served.url, "sec-fetch-site": "same-origin" },
    });
    expect(own.headers).toMatchObject({ "cross-origin-resource-policy": "same-origin", vary: "origin" });
    expect(about(own.headers)).toEqual(["vary"]);
  });
});
