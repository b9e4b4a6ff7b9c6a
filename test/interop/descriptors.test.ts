import { copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DescField, DescFile, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect, onTestFinished, test } from "vitest";
import { file_containerd_events_content as ourContentEvents } from "../../gen/containerd/events/content_pb.js";
import { file_containerd_events_image as ourImageEvents } from "../../gen/containerd/events/image_pb.js";
import { file_containerd_events_namespace as ourNamespaceEvents } from "../../gen/containerd/events/namespace_pb.js";
import {
  file_containerd_services_content_v1_content as ourContent,
  WriteAction,
  WriteContentRequestSchema,
} from "../../gen/containerd/services/content/v1/content_pb.js";
import { file_containerd_services_events_v1_events as ourEvents } from "../../gen/containerd/services/events/v1/events_pb.js";
import { file_containerd_services_images_v1_images as ourImages } from "../../gen/containerd/services/images/v1/images_pb.js";
import { file_containerd_services_introspection_v1_introspection as ourIntrospection } from "../../gen/containerd/services/introspection/v1/introspection_pb.js";
import { file_containerd_services_leases_v1_leases as ourLeases } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import { file_containerd_services_namespaces_v1_namespace as ourNamespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { file_containerd_services_version_v1_version as ourVersion } from "../../gen/containerd/services/version/v1/version_pb.js";
import { file_containerd_types_descriptor as ourDescriptor } from "../../gen/containerd/types/descriptor_pb.js";
import { file_containerd_types_event as ourEnvelope } from "../../gen/containerd/types/event_pb.js";
import { file_containerd_types_platform as ourPlatform } from "../../gen/containerd/types/platform_pb.js";
import { file_google_rpc_status as ourStatus } from "../../gen/google/rpc/status_pb.js";
import { startContainerd } from "../support/containerd.ts";
import { createCtr } from "../support/ctr.ts";
import { writeArchive } from "../support/oci-archive.ts";
import type { RecordedCall } from "../support/recorder.ts";
import { startRecorder } from "../support/recorder.ts";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

/** Where Debian keeps the sources of its Go packages. */
const sources = "/usr/share/gocode/src/github.com";

/** containerd's own files, by the path that they import each other with. */
const theirFiles: Readonly<Record<string, string>> = {
  "containerd/content.proto": `${sources}/containerd/containerd/api/services/content/v1/content.proto`,
  "containerd/events.proto": `${sources}/containerd/containerd/api/services/events/v1/events.proto`,
  "containerd/events/content.proto": `${sources}/containerd/containerd/api/events/content.proto`,
  "containerd/events/image.proto": `${sources}/containerd/containerd/api/events/image.proto`,
  "containerd/events/namespace.proto": `${sources}/containerd/containerd/api/events/namespace.proto`,
  "containerd/images.proto": `${sources}/containerd/containerd/api/services/images/v1/images.proto`,
  "containerd/introspection.proto": `${sources}/containerd/containerd/api/services/introspection/v1/introspection.proto`,
  "containerd/leases.proto": `${sources}/containerd/containerd/api/services/leases/v1/leases.proto`,
  "github.com/containerd/containerd/api/types/descriptor.proto": `${sources}/containerd/containerd/api/types/descriptor.proto`,
  "containerd/namespace.proto": `${sources}/containerd/containerd/api/services/namespaces/v1/namespace.proto`,
  "containerd/version.proto": `${sources}/containerd/containerd/api/services/version/v1/version.proto`,
  "github.com/containerd/containerd/api/types/platform.proto": `${sources}/containerd/containerd/api/types/platform.proto`,
  "github.com/containerd/containerd/protobuf/plugin/fieldpath.proto": `${sources}/containerd/containerd/protobuf/plugin/fieldpath.proto`,
  "google/rpc/status.proto": `${sources}/gogo/googleapis/google/rpc/status.proto`,
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

/** Fields that came with containerd 2, by message; the files here are those of the version before. */
const fieldsOfVersion2: Readonly<Record<string, readonly string[]>> = {
  "containerd.services.images.v1.CreateImageRequest": ["source_date_epoch"],
  "containerd.services.images.v1.UpdateImageRequest": ["source_date_epoch"],
  "containerd.services.images.v1.DeleteImageRequest": ["target"],
  "containerd.services.introspection.v1.ServerResponse": ["pid", "pidns"],
};

/** What a message type looks like on the wire, without what is newer than the files here. */
function messageShape({ typeName, fields, nestedMessages }: DescMessage): unknown {
  const newer = fieldsOfVersion2[typeName] ?? [];
  const byNumber = fields.filter(({ name }) => !newer.includes(name)).toSorted((a, b) => a.number - b.number);
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

test("the services have the messages, numbers, types and methods of containerd's own files", async () => {
  const file = await theirs();
  expect(fileShape(ourContent)).toEqual(fileShape(file("containerd/content")));
  expect(fileShape(ourNamespaces)).toEqual(fileShape(file("containerd/namespace")));
  expect(fileShape(ourLeases)).toEqual(fileShape(file("containerd/leases")));
  expect(fileShape(ourImages)).toEqual(fileShape(file("containerd/images")));
  const descriptor = file("github.com/containerd/containerd/api/types/descriptor");
  expect(fileShape(ourDescriptor)).toEqual(fileShape(descriptor));
});

test("version, introspection and events have those of containerd's own files", async () => {
  const file = await theirs();
  expect(fileShape(ourVersion)).toEqual(fileShape(file("containerd/version")));
  expect(fileShape(ourIntrospection)).toEqual(fileShape(file("containerd/introspection")));
  expect(fileShape(ourStatus)).toEqual(fileShape(file("google/rpc/status")));
  const platform = file("github.com/containerd/containerd/api/types/platform");
  expect(fileShape(ourPlatform)).toEqual(fileShape(platform));
  expect(fileShape(ourImageEvents)).toEqual(fileShape(file("containerd/events/image")));
  expect(fileShape(ourNamespaceEvents)).toEqual(fileShape(file("containerd/events/namespace")));
  // What tells of new content came with containerd 2.
  const known = ourContentEvents.messages.filter(({ name }) => name !== "ContentCreate");
  expect(known.map(messageShape)).toEqual(file("containerd/events/content").messages.map(messageShape));
  // containerd 2 moved the envelope into another package, which nobody sees on the wire.
  const moved = JSON.stringify([ourEvents, ourEnvelope].map(fileShape)).replaceAll(
    "containerd.types.Envelope",
    "containerd.services.events.v1.Envelope",
  );
  const [events, envelope] = JSON.parse(moved);
  const { messages, services } = JSON.parse(JSON.stringify(fileShape(file("containerd/events"))));
  expect(events.services).toEqual(services);
  expect([...events.messages, ...envelope.messages]).toEqual(expect.arrayContaining(messages));
});

test("what is newer has the numbers of containerd 2", () => {
  const numbers = Object.entries(fieldsOfVersion2).map(([typeName, names]) => {
    const messages = [...ourImages.messages, ...ourIntrospection.messages];
    const message = messages.find((one) => one.typeName === typeName);
    return names.map((name) => message?.fields.find((field) => field.name === name)?.number);
  });
  expect(numbers).toEqual([[2], [3], [3], [2, 3]]);
});

/** The method of our descriptors that a call went to. */
function methodOf({ path }: RecordedCall): DescMethod {
  const [, service, name] = path.split("/");
  const files = [ourContent, ourNamespaces, ourLeases, ourImages];
  const services = files.flatMap((file) => file.services);
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
  "Images/Create",
  "Images/Delete",
  "Images/Get",
  "Images/List",
  "Images/Update",
  "Leases/Create",
  "Leases/Delete",
  "Leases/List",
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
  const archive = join(await makeTempDir(), "tiny.tar");
  await writeArchive(archive, "example.com/tiny:1", "tiny\n");
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
    ["leases", "create", "--id", "l", "a=b"],
    ["leases", "ls", "id==l"],
    ["leases", "rm", "--sync", "l"],
    ["images", "import", "--no-unpack", archive],
    ["images", "ls", "name~=tiny"],
    ["images", "tag", "example.com/tiny:1", "example.com/tiny:2"],
    ["images", "label", "example.com/tiny:2", "a=b"],
    ["images", "rm", "--sync", "example.com/tiny:2"],
  ];
  for (const command of commands) {
    const { status, stderr } = await ctr(command, { input: "hello\n" });
    expect(status, `ctr ${command.join(" ")}: ${stderr}`).toBe(0);
  }
  return calls;
}
