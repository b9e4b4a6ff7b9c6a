import { createConnectTransport } from "@connectrpc/connect-web";
import { httpReadSeeker } from "../../../content/http-read-seeker.ts";
import { createRemoteStore, readBytes, sourceOfFile, writeBlob } from "../../../content/index.ts";

/** What came of it in the page. */
export interface Tried {
  /** Where the ingest stood, one after another. */
  readonly offsets: readonly number[];
  /** Bytes of the blob, and of its end over HTTP, that are those that were written. */
  readonly read: number;
  readonly fetched: number;
  /** Size of the blob as HTTP tells it. */
  readonly size: number | undefined;
  /** What reading it under another digest fails with. */
  readonly wrong: string;
}

const transport = createConnectTransport({ baseUrl: location.origin, useBinaryFormat: true });
const store = createRemoteStore(transport, { namespace: "n", writer: "unary" });

function countSame(got: Uint8Array, want: Uint8Array): number {
  return got.length === want.length && got.every((byte, index) => byte === want[index]) ? got.length : -1;
}

/** Goes on with an ingest of the first 50,000 bytes, reads the blob whole, and the last 50,000 bytes over HTTP. */
async function tryLibrary(numbers: readonly number[]): Promise<Tried> {
  const bytes = new Uint8Array(numbers);
  const begun = await store.writer({ ref: "r" });
  await begun.write(bytes.subarray(0, 50_000));
  await begun.close();
  const file = new File([bytes], "file");
  const offsets: number[] = [];
  const onProgress = (offset: number) => offsets.push(offset);
  const digest = await writeBlob(store, "r", sourceOfFile(file), { size: file.size }, { onProgress });
  const object = httpReadSeeker(`/-/blob?ns=n&d=${digest}`);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of object.open(file.size - 50_000)) chunks.push(new Uint8Array(chunk));
  const end = new Uint8Array(await new Blob(chunks).arrayBuffer());
  const other = digest.replace(/:./, ":0") as typeof digest;
  const lying = { readerAt: () => store.readerAt({ digest }) };
  return {
    offsets,
    read: countSame(await readBytes(store, { digest }), bytes),
    fetched: countSame(end, bytes.subarray(-50_000)),
    size: object.size,
    wrong: await readBytes(lying, { digest: other }).then(() => "nothing", String),
  };
}

Object.assign(globalThis, { tryLibrary });
