import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { ContentError } from "../../../content/errors.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";

const digests = ["a", "b", "c", "d"].map((hex) => parseDigest(`sha256:${hex.repeat(64)}`));

test("every call carries the namespace, lease and store it is for, and none that was not named", async () => {
  const seen: (string | null)[][] = [];
  const names = ["containerd-namespace", "containerd-lease", "stowage-store"];
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      abort(_, { requestHeader }) {
        seen.push(names.map((name) => requestHeader.get(name)));
        return {};
      },
      async *list(_, { requestHeader }) {
        seen.push(names.map((name) => requestHeader.get(name)));
      },
    }),
  );
  const store = createRemoteStore(transport, { namespace: "team", lease: "l1", store: "fast" });
  await store.abort("r");
  expect(await Array.fromAsync(store.walk())).toEqual([]);
  await createRemoteStore(transport).abort("r");
  expect(seen).toEqual([
    ["team", "l1", "fast"],
    ["team", "l1", "fast"],
    [null, null, null],
  ]);
});

test("a namespace that no header can hold is refused before any call", () => {
  const transport = createRouterTransport(() => undefined);
  expect(() => createRemoteStore(transport, { namespace: "a\nb" })).toThrow(
    expect.objectContaining({ kind: "invalid-argument" }),
  );
});

test("a walk asks for more only as it is read, and leaving it ends the call", async () => {
  let sent = 0;
  const cancelled = Promise.withResolvers<void>();
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      async *list({ filters }, { signal }) {
        expect(filters).toEqual(["size>1"]);
        signal.addEventListener("abort", () => cancelled.resolve());
        for (const digest of digests) {
          sent += 1;
          yield { info: [{ digest, size: 2n }] };
        }
      },
    }),
  );
  const walk = createRemoteStore(transport).walk(["size>1"]);
  expect(sent).toBe(0);
  for await (const info of walk) {
    expect(info.digest).toBe(digests[0]);
    break;
  }
  await cancelled.promise;
  expect(sent).toBeLessThan(digests.length);
});

test("a walk ends with what the server's stream fails with, after the rows that came", async () => {
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      async *list() {
        yield { info: digests.map((digest) => ({ digest })) };
        throw new ConnectError("the server stops: unavailable", Code.Unavailable);
      },
    }),
  );
  const got: string[] = [];
  const walk = async () => {
    for await (const { digest } of createRemoteStore(transport).walk()) got.push(digest);
  };
  await expect(walk()).rejects.toEqual(new ContentError("unavailable", "the server stops"));
  expect(got).toEqual(digests);
});

test("an update without fieldpaths has no mask, one with them has", async () => {
  const masks: (readonly string[] | undefined)[] = [];
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      update({ info, updateMask }) {
        masks.push(updateMask?.paths);
        return { info: { digest: info?.digest ?? "", labels: info?.labels ?? {} } };
      },
    }),
  );
  const store = createRemoteStore(transport);
  const [digest = parseDigest("")] = digests;
  await store.update({ digest, labels: { a: "1" } });
  const updated = await store.update({ digest, labels: { a: "2" } }, ["labels.a"]);
  expect(updated.labels).toEqual({ a: "2" });
  expect(masks).toEqual([undefined, ["labels.a"]]);
});

test("a server that is not there is unavailable", async () => {
  const failing = async () => {
    throw new TypeError("fetch failed");
  };
  const transport = createRouterTransport(() => undefined, { transport: { httpClient: failing } });
  const store = createRemoteStore(transport);
  await expect(store.status("r")).rejects.toMatchObject({ kind: "unavailable", message: "fetch failed" });
  await expect(Array.fromAsync(store.walk())).rejects.toMatchObject({ kind: "unavailable" });
  await expect(store.writer({ ref: "r" })).rejects.toMatchObject({ kind: "unavailable" });
});
