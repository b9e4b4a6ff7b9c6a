import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { run } from "../../support/run.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** Bytes before each message of a Connect stream: flags, and its length. */
const prefixBytes = 5;

/** The flag of a stream's last message, which says how it ended. */
const endOfStream = 2;

/** One call of curl with Connect's JSON. @returns the answer */
export async function curlUnary(url: string, namespace: string, request: unknown): Promise<unknown> {
  const body = await curl(url, namespace, "application/json", Buffer.from(JSON.stringify(request)));
  return JSON.parse(body.toString("utf8"));
}

/** One call of curl to a method that streams its answers. @returns them, after the stream ended well */
export async function curlStream(url: string, namespace: string, request: unknown): Promise<unknown[]> {
  const message = Buffer.from(JSON.stringify(request));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  const body = await curl(url, namespace, "application/connect+json", Buffer.concat([prefix, message]));
  const answers: unknown[] = [];
  let end: unknown;
  for (let at = 0; at < body.length; ) {
    const next = at + prefixBytes + body.readUInt32BE(at + 1);
    const content: unknown = JSON.parse(body.toString("utf8", at + prefixBytes, next));
    if (body[at] === endOfStream) end = content;
    else answers.push(content);
    at = next;
  }
  expect(end).toEqual({});
  return answers;
}

async function curl(url: string, namespace: string, type: string, body: Buffer): Promise<Buffer> {
  const folder = await makeTempDir();
  const [sent, received] = [join(folder, "sent"), join(folder, "received")];
  await writeFile(sent, body);
  const headers = ["-H", `content-type: ${type}`, "-H", `containerd-namespace: ${namespace}`];
  const args = ["-sS", "--fail-with-body", ...headers, "--data-binary", `@${sent}`, "-o", received, url];
  const { status, stderr } = await run("curl", args);
  const answer = await readFile(received);
  expect(status, `${stderr}${answer}`).toBe(0);
  return answer;
}
