import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { WriteRequestSchema } from "../../../gen/stowage/v1/content_pb.js";
import { run } from "../../support/run.ts";
import { BenchError } from "../bench-error.ts";
import { timed } from "../timed.ts";
import type { Sample } from "./sample.ts";

/** Bytes of a message: the most that one may have. */
const messageBytes = 4 * 1024 * 1024;

/** How long curl may take, in milliseconds. */
const patienceMs = 600_000;

/**
 * Sends a file by curl: one process and one connection, a POST of ContentService.Write for each 4 MiB and one that commits, one after
 * another, as the page does. The bodies are made beforehand and lie on disk, so that curl only reads and sends.
 *
 * @param folder for the bodies; they are removed
 * @returns milliseconds that curl took
 */
export async function writeByCurl(url: string, namespace: string, sample: Sample, folder: string): Promise<number> {
  const bodies = await makeBodies(sample, folder);
  const config = join(folder, "curl.conf");
  await writeFile(config, bodies.map((body) => requestOf(url, namespace, body)).join("next\n"));
  const ms = await timed(async () => {
    const { status, stderr } = await run("curl", ["-sS", "-K", config], { timeoutMs: patienceMs });
    if (status !== 0) throw new BenchError(`curl could not write: ${stderr.trim()}`);
  });
  for (const path of [config, ...bodies]) await rm(path);
  return ms;
}

function requestOf(url: string, namespace: string, body: string): string {
  return [
    `url = "${url}/stowage.v1.ContentService/Write"`,
    'header = "content-type: application/proto"',
    `header = "containerd-namespace: ${namespace}"`,
    // Without it curl asks first whether it may send so much.
    'header = "expect:"',
    `data-binary = "@${body}"`,
    'output = "/dev/null"',
    "fail",
    "",
  ].join("\n");
}

async function makeBodies({ path, size, digest }: Sample, folder: string): Promise<readonly string[]> {
  const bodies: string[] = [];
  const whole = { ref: "by-curl", total: BigInt(size), expected: digest };
  const writerId = "curl".padEnd(22, "A");
  await using file = await open(path);
  async function add(request: { action: WriteAction; offset: bigint; data?: Uint8Array }): Promise<void> {
    const body = join(folder, `body-${bodies.length}`);
    const message = create(WriteRequestSchema, { request: { ...whole, ...request }, writerId });
    await writeFile(body, toBinary(WriteRequestSchema, message));
    bodies.push(body);
  }
  for (let offset = 0; offset < size; offset += messageBytes) {
    const data = Buffer.alloc(Math.min(messageBytes, size - offset));
    await file.read(data, 0, data.length, offset);
    await add({ action: WriteAction.WRITE, offset: BigInt(offset), data });
  }
  await add({ action: WriteAction.COMMIT, offset: BigInt(size) });
  return bodies;
}
