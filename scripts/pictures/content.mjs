import { createHash } from "node:crypto";
import { connect } from "node:net";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createRemoteStore } from "../../content/remote/store.ts";

const mebibyte = 1 << 20;

/** @typedef {{ namespace: string, name: string, digest: string, size: number }} Manifest a manifest that was put, as the image of a name */

/** What calls a server through its socket. @param {string} socket */
export function transportOf(socket) {
  return createGrpcTransport({
    baseUrl: "http://localhost",
    nodeOptions: { createConnection: () => connect(socket) },
  });
}

/**
 * An image, as a pull leaves it.
 *
 * @param {import("@connectrpc/connect").Transport} transport
 * @param {string} namespace
 * @param {string} name
 * @param {number[]} sizes of its layers, in bytes
 * @returns {Promise<Manifest>}
 */
export async function putImage(transport, namespace, name, sizes) {
  const source = { "containerd.io/distribution.source.registry.example": `team/${name}` };
  const layers = [];
  for (const [index, size] of sizes.entries()) {
    const digest = await put(transport, namespace, bytesOf(`${name} ${index}`, size), {
      ...source,
      "containerd.io/uncompressed": digestOf(`${name} ${index} unpacked`),
    });
    layers.push({ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest, size });
  }
  const config = configOf(name);
  const configDigest = await put(transport, namespace, config, source);
  const manifest = manifestOf({ digest: configDigest, size: config.length }, layers);
  const digest = await put(transport, namespace, manifest, {
    ...source,
    "containerd.io/gc.ref.content.config": configDigest,
    ...Object.fromEntries(layers.map(({ digest }, index) => [`containerd.io/gc.ref.content.l.${index}`, digest])),
    team: "payments",
  });
  return { namespace, name, digest, size: manifest.length };
}

/** @param {string} name */
function configOf(name) {
  return json({
    architecture: "amd64",
    os: "linux",
    config: { Entrypoint: [`/usr/bin/${name}`], User: "65532" },
  });
}

/**
 * @param {{ digest: string, size: number }} config
 * @param {{ mediaType: string, digest: string, size: number }[]} layers
 */
function manifestOf(config, layers) {
  const media = "application/vnd.oci.image";
  return json({
    schemaVersion: 2,
    mediaType: `${media}.manifest.v1+json`,
    config: { mediaType: `${media}.config.v1+json`, ...config },
    layers,
  });
}

/**
 * @param {import("@connectrpc/connect").Transport} transport
 * @param {string} namespace
 * @param {Uint8Array} bytes
 * @param {Record<string, string>} labels
 */
export async function put(transport, namespace, bytes, labels) {
  await using writer = await createRemoteStore(transport, { namespace }).writer({
    ref: `put-${createHash("sha256").update(bytes).digest("hex")}`,
  });
  for (let at = 0; at < bytes.length; at += mebibyte) await writer.write(bytes.subarray(at, at + mebibyte));
  return writer.commit({ labels });
}

/** Where a manifest is, for an image of its name. @param {Pick<Manifest, "digest" | "size">} manifest */
export function targetOf({ digest, size }) {
  return { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size, annotations: {} };
}

/**
 * Bytes that are always the same and look like any.
 *
 * @param {string} name
 * @param {number} length
 */
export function bytesOf(name, length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 32) createHash("sha256").update(`${name} ${at}`).digest().copy(bytes, at);
  return bytes;
}

/** @param {string | Uint8Array} content */
export function digestOf(content) {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** @param {unknown} value */
export function json(value) {
  return Buffer.from(JSON.stringify(value, null, 2));
}
