import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { findBlobs } from "../../../app/_find/find-blobs.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";

const digest = `sha256:${"9f".repeat(32)}`;
const other = `sha256:${"9f".repeat(31)}00`;
const signal = new AbortController().signal;

const dated = { createdAt: { seconds: 1n, nanos: 0 }, updatedAt: { seconds: 1n, nanos: 0 }, size: 1n, labels: {} };

test("a server with pages is asked once, in all namespaces", async () => {
  const asked: unknown[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(ContentService, {
      listPage({ selection, pageSize }) {
        asked.push([selection?.namespaces, selection?.query, pageSize]);
        return { items: [{ namespace: "moby", info: { digest, ...dated } }], totalSize: 1204n };
      },
    });
  });
  const found = await findBlobs(transport, "9f9f9f", signal);
  expect(found).toMatchObject({ count: 1204, isExact: true, blobs: [{ namespace: "moby" }] });
  expect(asked).toEqual([[["*"], "9f9f9f", 8]]);
});

/** A containerd, with the same blobs in each of its namespaces. */
function containerd(names: readonly string[], asked: string[]) {
  return createRouterTransport(({ service }) => {
    service(Namespaces, { list: () => ({ namespaces: names.map((name) => ({ name })) }) });
    service(Content, {
      info({ digest: wanted }, { requestHeader }) {
        asked.push(`info ${requestHeader.get("containerd-namespace")}`);
        if (requestHeader.get("containerd-namespace") === "a") throw new ConnectError("no", Code.NotFound);
        return { info: { digest: wanted, ...dated } };
      },
      async *list({ filters }, { requestHeader }) {
        asked.push(`list ${requestHeader.get("containerd-namespace")} ${filters.join()}`);
        yield { info: [digest, other].map((each) => ({ digest: each, ...dated })) };
      },
    });
  });
}

test("of a server without pages a whole digest is asked in each namespace", async () => {
  const asked: string[] = [];
  const found = await findBlobs(containerd(["a", "b"], asked), digest, signal);
  expect(found).toMatchObject({ count: 1, isExact: true, blobs: [{ namespace: "b" }] });
  expect(asked).toEqual(["info a", "info b"]);
});

test("of a server without pages a beginning is asked by a filter, until there is enough to show", async () => {
  const asked: string[] = [];
  const found = await findBlobs(containerd(["a", "b", "c", "d", "e", "f"], asked), "sha256:9f9f9f", signal);
  expect(found).toMatchObject({ count: 8, isExact: false });
  expect(asked).toEqual(["a", "b", "c", "d", "e"].map((name) => `list ${name} digest~=^sha256:9f9f9f`));
});
