import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createToken } from "../../content/remote/access.ts";
import { createImage, deleteImage } from "../../content/remote/images.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { bytesOf, digestOf, json, put, putImage, targetOf, transportOf } from "./content.mjs";

const mebibyte = 1 << 20;

/**
 * A server of several stores, where people sign in: its own one, an archive, a folder, a node that answers and one that does not.
 *
 * @param {object} given
 * @param {string} given.folder where its data and its socket are
 * @param {string} given.layout an empty folder, which becomes an OCI layout
 * @param {string} given.nodeUrl of the node that answers
 * @param {(args: string[]) => Promise<{ child: import("node:child_process").ChildProcess, url: string }>} given.startServer
 */
export async function openHub({ folder, layout, nodeUrl, startServer }) {
  const socket = join(folder, "hub.sock");
  await writeLayout(layout);
  await writeFile(join(folder, "hub.toml"), configOf({ folder, layout, socket, nodeUrl }));
  const { child, url } = await startServer(["--config", join(folder, "hub.toml")]);
  const transport = transportOf(socket);
  const people = {
    mei: await signedIn(transport, url, "mei", "operator"),
    ci: await signedIn(transport, url, "ci", "operator"),
    ann: await signedIn(transport, url, "ann", "auditor"),
  };
  await work(people);
  return { child, url, fragment: `#token=${people.mei.token}` };
}

/** @param {Record<"folder" | "layout" | "socket" | "nodeUrl", string>} given */
function configOf({ folder, layout, socket, nodeUrl }) {
  return `data = "${join(folder, "hub")}"
[auth.tokens]
[[listen]]
address = "127.0.0.1:0"
[[listen]]
socket = "${socket}"
[stores.local]
[stores.archive]
plugin = "local"
[stores.build-cache]
plugin = "oci-layout"
path = "${layout}"
[stores.node-7]
plugin = "remote"
url = "${nodeUrl}"
allow_changes = true
[stores.node-9]
plugin = "remote"
url = "http://127.0.0.1:9"
`;
}

/**
 * @param {import("@connectrpc/connect").Transport} server
 * @param {string} url
 * @param {string} name
 * @param {import("../../content/remote/session.ts").Role} role
 */
async function signedIn(server, url, name, role) {
  const draft = { name, role, stores: ["*"], namespaces: ["*"] };
  const { text } = await createToken(server, draft);
  const transport = createGrpcTransport({
    baseUrl: url,
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${text}`);
        return next(request);
      },
    ],
  });
  return { token: text, transport };
}

/**
 * What people do in an hour: some of it what the node has too, some of it not, and one name that stands for something else there.
 *
 * @param {Record<"mei" | "ci" | "ann", { transport: import("@connectrpc/connect").Transport }>} people
 */
async function work({ mei, ci, ann }) {
  const namespace = "k8s.io";
  const pause = await putImage(ci.transport, namespace, "pause", [311_000]);
  const sidecar = await putImage(ci.transport, namespace, "sidecar", [3_300_000, 812_000, 9_610]);
  const app = await putImage(ci.transport, namespace, "app-1.5", [9 * mebibyte, 4_810_000, 90_200, 2_010]);
  const images = [
    { name: "registry.example/team/pause:1.0", target: targetOf(pause) },
    { name: "registry.example/team/sidecar:1.0", target: targetOf(sidecar) },
    { name: "registry.example/team/app:1.5", target: targetOf(app) },
    { name: "registry.example/team/app:latest", target: targetOf(app) },
    { name: "registry.example/team/app:rc", target: targetOf(app) },
  ];
  for (const image of images) await createImage(ci.transport, { namespace }, { ...image, labels: {} });
  await put(mei.transport, "default", Buffer.from("hello\n"), {});
  const notes = await put(mei.transport, "default", bytesOf("notes", 611_000), { team: "payments" });
  const store = createRemoteStore(mei.transport, { namespace: "default" });
  await store.update({ digest: notes, labels: { team: "search" } }, ["labels.team"]);
  await deleteImage(mei.transport, { namespace }, "registry.example/team/app:rc");
  // An auditor may not, and that is told too.
  await createRemoteStore(ann.transport, { namespace: "default" })
    .delete(notes)
    .catch(() => undefined);
  await store.delete(notes);
}

/** A folder as `skopeo copy` and BuildKit leave them. @param {string} folder */
async function writeLayout(folder) {
  const blobs = join(folder, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  /** @param {Uint8Array} bytes */
  async function add(bytes) {
    const digest = digestOf(bytes);
    await writeFile(join(blobs, digest.slice("sha256:".length)), bytes);
    return { digest, size: bytes.length };
  }
  const media = "application/vnd.oci.image";
  const layer = { mediaType: `${media}.layer.v1.tar+gzip`, ...(await add(bytesOf("build-cache", 6 * mebibyte))) };
  const config = { mediaType: `${media}.config.v1+json`, ...(await add(json({ architecture: "amd64", os: "linux" }))) };
  const mediaType = `${media}.manifest.v1+json`;
  const manifest = await add(json({ schemaVersion: 2, mediaType, config, layers: [layer] }));
  const annotations = { "org.opencontainers.image.ref.name": "latest" };
  await writeFile(join(folder, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
  await writeFile(
    join(folder, "index.json"),
    json({ schemaVersion: 2, manifests: [{ mediaType, ...manifest, annotations }] }),
  );
}
