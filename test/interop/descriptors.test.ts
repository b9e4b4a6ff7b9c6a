import { copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DescField, DescFile, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect, onTestFinished, test } from "vitest";
import {
  file_containerd_services_content_v1_content as ourContent,
  WriteAction,
  WriteContentRequestSchema,
} from "../../gen/containerd/services/content/v1/content_pb.js";
import { file_containerd_services_namespaces_v1_namespace as ourNamespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { startContainerd } from "../support/containerd.ts";
import { createCtr } from "../support/ctr.ts";
import type { RecordedCall } from "../support/recorder.ts";
import { startRecorder } from "../support/recorder.ts";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

/** Where Debian keeps the sources of its Go packages. */
const sources = "/usr/share/gocode/src/github.com";

/** containerd's own files, by the path that they import each other with. */
const theirFiles: Readonly<Record<string, string>> = {
  "containerd/content.proto": `${sources}/containerd/containerd/api/services/content/v1/content.proto`,
  "containerd/namespace.proto": `${sources}/containerd/containerd/api/services/namespaces/v1/namespace.proto`,
  "gogoproto/gogo.proto": `${sources}/gogo/protobuf/gogoproto/gogo.proto`,
};

const buf = join(import.meta.dirname, "..", "..", "node_modules", ".bin", "buf");

/** @returns the descriptor of one of containerd's own files */
async function theirs(): Promise<(path: string) => DescFile> {
  const folder = await makeTempDir();
  for (const [path, source] of Object.entries(theirFiles)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(source, join(folder, path));
  }
  const image = join(folder, "image.binpb");
  const { status, stderr } = await run(buf, ["build", folder, "-o", image], { cwd: folder });
  expect(status, stderr).toBe(0);
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, await readFile(image)));
  return (path) => registry.getFile(`${path}.proto`) ?? expect.fail(`no file ${path}`);
}

/** What a message type looks like on the wire. */
function messageShape({ typeName, fields, nestedMessages }: DescMessage): unknown {
  const byNumber = fields.toSorted((a, b) => a.number - b.number);
  return { typeName, fields: byNumber.map(fieldShape), nested: nestedMessages.map(messageShape) };
}

function fieldShape({ name, number, proto, message, enum: enumeration, fieldKind }: DescField): unknown {
  const { type, label } = proto;
  return { name, number, type, label, fieldKind, of: message?.typeName ?? enumeration?.typeName };
}

function methodShape({ name, methodKind, input, output }: DescMethod): unknown {
  return { name, methodKind, input: input.typeName, output: output.typeName };
}

function fileShape({ proto, messages, enums, services }: DescFile): unknown {
  return {
    package: proto.package,
    messages: messages.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(messageShape),
    enums: enums.map(({ typeName, values }) => ({
      typeName,
      values: values.map(({ name, number }) => [name, number]),
    })),
    services: services.map(({ typeName, methods }) => ({
      typeName,
      methods: methods.map(methodShape).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    })),
  };
}

test("Content and Namespaces have the messages, numbers, types and methods of containerd's own files", async () => {
  const file = await theirs();
  expect(fileShape(ourContent)).toEqual(fileShape(file("containerd/content")));
  expect(fileShape(ourNamespaces)).toEqual(fileShape(file("containerd/namespace")));
});

/** The method of our descriptors that a call went to. */
function methodOf({ path }: RecordedCall): DescMethod {
  const [, service, name] = path.split("/");
  const services = [...ourContent.services, ...ourNamespaces.services];
  const method = services.find(({ typeName }) => typeName === service)?.methods.find((one) => one.name === name);
  return method ?? expect.fail(`no method ${path}`);
}

const hello = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

/** The methods that ctr reaches with one round of commands. */
const reached = [
  "Content/Delete",
  "Content/Info",
  "Content/List",
  "Content/ListStatuses",
  "Content/Read",
  "Content/Update",
  "Content/Write",
  "Namespaces/Create",
  "Namespaces/Delete",
  "Namespaces/Get",
  "Namespaces/List",
  "Namespaces/Update",
];

test("every message between ctr and containerd is read by our descriptors whole, and written again byte for byte", async () => {
  const calls = await recordCommands();
  expect([...new Set(calls.map(({ path }) => path.split(".").at(-1)))].toSorted()).toEqual(reached);
  for (const call of calls) {
    const { input, output } = methodOf(call);
    for (const bytes of call.requests()) expectWhole(input, bytes);
    for (const bytes of call.answers()) expectWhole(output, bytes);
  }
  const write = calls.find(({ path }) => path.endsWith("/Write"))?.requests() ?? [];
  expect(write.map((bytes) => fromBinary(WriteContentRequestSchema, bytes))).toMatchObject([
    { action: WriteAction.STAT, ref: "hello", total: 6n, expected: hello },
    { action: WriteAction.STAT },
    { action: WriteAction.WRITE, data: Buffer.from("hello\n") },
    { action: WriteAction.COMMIT, offset: 6n, total: 6n, expected: hello },
  ]);
});

/** All of the bytes are fields that the schema knows, in its types. */
function expectWhole(schema: DescMessage, bytes: Uint8Array): void {
  const message = fromBinary(schema, bytes);
  expect(message.$unknown, schema.typeName).toBeUndefined();
  expect(Buffer.from(toBinary(schema, message)), schema.typeName).toEqual(Buffer.from(bytes));
}

/** Every call that ctr makes of a containerd in one round of commands. */
async function recordCommands(): Promise<readonly RecordedCall[]> {
  const containerd = await startContainerd();
  onTestFinished(() => containerd[Symbol.asyncDispose]());
  const socket = join(await makeTempDir(), "recorder.sock");
  const calls = await startRecorder(socket, containerd.socket);
  const ctr = createCtr(socket);
  const commands: readonly (readonly string[])[] = [
    ["content", "ingest", "--expected-size", "6", "--expected-digest", hello, "hello"],
    ["content", "ls"],
    ["content", "active"],
    ["content", "get", hello],
    ["content", "label", hello, "a=b"],
    ["content", "label", hello],
    ["content", "rm", hello],
    ["namespaces", "create", "one", "a=b"],
    ["namespaces", "ls"],
    ["namespaces", "label", "one", "c=d"],
    ["namespaces", "rm", "one"],
  ];
  for (const command of commands) {
    const { status, stderr } = await ctr(command, { input: "hello\n" });
    expect(status, `ctr ${command.join(" ")}: ${stderr}`).toBe(0);
  }
  return calls;
}
