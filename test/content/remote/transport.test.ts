import { expect, test } from "vitest";
import { sourceOfBytes } from "../../../content/index.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { connectTransport } from "../../../content/remote/transport.ts";
import { writeBlob } from "../../../content/write-blob.ts";
import { failure } from "../../suite/support.ts";

test.each(["127.0.0.1:3000", "localhost:3000", "unix:/run/stowage.sock"])(
  "%s is no URL, and said to be none",
  (url) => {
    expect(() => connectTransport(url)).toThrow(`"${url}" is no URL; it begins with http:// or https://`);
  },
);

test("a writer that needs a two-way stream is refused at once, with the option that helps", async () => {
  const store = createRemoteStore(connectTransport("http://127.0.0.1:9"), { namespace: "default" });
  const written = writeBlob(store, "a", sourceOfBytes(new Uint8Array(1)));
  await expect(written).rejects.toEqual(failure("not-implemented", /the option writer: "unary"$/));
});
