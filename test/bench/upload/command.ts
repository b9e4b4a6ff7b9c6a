import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { chromiumPath } from "../../browser/browser.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { BenchError } from "../bench-error.ts";
import { startServer } from "../lists/server.ts";
import type { Measurement } from "../report.ts";
import { tell } from "../report.ts";
import { openBareBrowser } from "./bare-browser.ts";
import { writeByCurl } from "./by-curl.ts";
import type { PageUpload } from "./by-page.ts";
import { uploadByPage } from "./by-page.ts";
import type { Sample } from "./sample.ts";
import { makeSample, partMiB } from "./sample.ts";

const mib = 1024 * 1024;

/** Size of the file where none is named, in MiB. */
const usualMiB = 2048;

/** What is shorter is sent before it can be paused. */
const leastMiB = 128;

/** What the page may have, in MiB, whatever the size of the file. */
const memoryMiB = 150;

/**
 * `bench upload`: a file of 2 GiB by the page, paused, gone on with after a reload, and by curl, over one port of one server.
 *
 * @param operands the size in MiB, where it is to be another
 */
export async function runUpload(
  [asked = String(usualMiB)]: readonly string[],
  json: string | undefined,
): Promise<void> {
  const sizeMiB = Number(asked);
  if (!Number.isSafeInteger(sizeMiB) || sizeMiB < leastMiB) {
    throw new BenchError(`upload takes a size of ${leastMiB} MiB or more, such as ${usualMiB}`);
  }
  const folder = await mkdtemp(join(tmpdir(), "stowage-bench-"));
  try {
    const sample = await makeSample(join(folder, "sample.bin"), Math.ceil(sizeMiB / partMiB));
    await using server = await startServer(join(folder, "data"));
    await using browser = await openBareBrowser(chromiumPath());
    const curlMs = await writeByCurl(server.url, "curl", sample, folder);
    const transport = grpcTransport(server.socket);
    // A blob of one namespace is offered to others without a byte.
    await createRemoteStore(transport, { namespace: "curl" }).delete(sample.digest);
    const upload = await uploadByPage(browser, server.url, "page", sample);
    const { size } = await createRemoteStore(transport, { namespace: "page" }).info(sample.digest);
    if (size !== sample.size) throw new BenchError(`the blob has ${size} bytes, not ${sample.size}`);
    await tell({ command: "upload", measurements: figures(sample, curlMs, upload) }, json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function figures({ size }: Sample, curlMs: number, upload: PageUpload): readonly Measurement[] {
  const rate = (ms: number) => (size / mib / ms) * 1000;
  const { hashMs, sendMs, sentBytes, restMiB, mostMiB, againBytes, againMs } = upload;
  const whole = `of ${size / mib} MiB`;
  return [
    { name: "page: hash", unit: "MiB/s", values: hashMs.map(rate), note: "before and after the reload" },
    { name: "page: send", unit: "MiB/s", values: [rate(sendMs)], note: "paused and gone on with in the middle" },
    { name: "curl: send", unit: "MiB/s", values: [rate(curlMs)], note: "a POST for each 4 MiB, one connection" },
    { name: "page against curl", unit: "x", values: [curlMs / sendMs], note: "its sending alone" },
    {
      name: "page: all",
      unit: "s",
      values: [((hashMs[0] ?? 0) + sendMs) / 1000],
      note: `a hash and its sending, ${whole}`,
    },
    { name: "page: bytes sent twice", unit: "MiB", values: [(sentBytes - size) / mib], atMost: 5 },
    {
      name: "page: memory, most",
      unit: "MiB",
      values: [mostMiB],
      atMost: memoryMiB,
      note: `${Math.round(restMiB)} before`,
    },
    { name: "second upload: bytes", unit: "B", values: [againBytes], atMost: 16 * 1024 },
    { name: "second upload", unit: "s", values: [againMs / 1000] },
  ];
}
