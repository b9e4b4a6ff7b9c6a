import { createHash } from "node:crypto";
import { createClient } from "@connectrpc/connect";
import type { Digest } from "../../../content/digest.ts";
import { isKind } from "../../../content/errors.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import type { Labels, Store } from "../../../content/store.ts";
import { Images } from "../../../gen/containerd/services/images/v1/images_pb.js";
import { Leases } from "../../../gen/containerd/services/leases/v1/leases_pb.js";
import { grpcTransport } from "../../support/grpc.ts";

/** Something that is stored. */
export interface Part {
  readonly digest: Digest;
  readonly data: Buffer;
  readonly labels: Labels;
}

/** Images that share a layer, one after the other, of those that are there at the beginning. */
const sharing = 16;

/** Bytes of a layer. */
const layerBytes = 5000;

/**
 * What an image is made of: a layer that all have, one that some share, and a manifest, the last one.
 *
 * @param count images that are there at the beginning; a later one takes up a layer of theirs, each another one
 */
export function partsOf(number: number, count: number): readonly Part[] {
  const shared = number < count ? Math.floor(number / sharing) : number % Math.ceil(count / sharing);
  const layers = ["all", `shared ${shared}`].map((text) => part(Buffer.alloc(layerBytes, `${text};`)));
  const labels = layers.map(({ digest }, index) => [`containerd.io/gc.ref.content.l.${index}`, digest]);
  const manifest = Buffer.from(JSON.stringify({ number, layers: layers.map(({ digest }) => digest) }));
  return [...layers, part(manifest, Object.fromEntries(labels))];
}

function part(data: Buffer, labels: Labels = {}): Part {
  const digest = makeDigest("sha256", createHash("sha256").update(data).digest("hex"));
  return { digest, data, labels };
}

/** A client on a connection of its own. */
export interface ImageClient {
  /** In its namespace, under no lease. */
  readonly store: Store;
  /** Store an image as a pull does: under a lease, what is there is not written again. */
  pull(number: number, parts: readonly Part[]): Promise<void>;
  /** Store parts under a lease that is there. */
  put(parts: readonly Part[], lease: string): Promise<void>;
  name(number: number, manifest: Part | undefined): Promise<void>;
  remove(number: number): Promise<void>;
  /** Numbers of the images that are there. */
  images(): Promise<readonly number[]>;
  lease(id: string): Promise<void>;
  /** Be answered once what nothing leads to is gone. */
  collect(): Promise<void>;
  /** The same without what leases hold: none is left. */
  collectAll(): Promise<void>;
}

/** @param waited told how long each commit took, in milliseconds */
export function createImageClient(
  socket: string,
  namespace: string,
  waited: (ms: number) => void = () => undefined,
): ImageClient {
  const transport = grpcTransport(socket);
  const headers = { "containerd-namespace": namespace };
  const images = createClient(Images, transport);
  const leases = createClient(Leases, transport);

  async function putOne(store: Store, { digest, data, labels }: Part): Promise<void> {
    try {
      await using writer = await store.writer({ ref: digest, descriptor: { digest, size: data.length } });
      await writer.write(data);
      const startedMs = performance.now();
      await writer.commit({ labels, expected: digest, size: data.length });
      waited(performance.now() - startedMs);
    } catch (error) {
      if (!isKind(error, "already-exists")) throw error;
    }
  }

  async function put(parts: readonly Part[], lease: string): Promise<void> {
    const store = createRemoteStore(transport, { namespace, lease });
    for (const one of parts) await putOne(store, one);
  }

  async function name(number: number, manifest: Part | undefined): Promise<void> {
    const target = { mediaType: "application/json", digest: manifest?.digest ?? "", size: BigInt(layerBytes) };
    await images.create({ image: { name: nameOf(number), target } }, { headers });
  }

  async function collect(): Promise<void> {
    await leases.create({ id: "none" }, { headers });
    await leases.delete({ id: "none", sync: true }, { headers });
  }

  return {
    store: createRemoteStore(transport, { namespace }),
    put,
    name,
    async pull(number, parts) {
      const id = `pull-${number}`;
      await leases.create({ id }, { headers });
      await put(parts, id);
      await name(number, parts.at(-1));
      await leases.delete({ id }, { headers });
    },
    async remove(number) {
      await images.delete({ name: nameOf(number) }, { headers });
    },
    async images() {
      const { images: found } = await images.list({}, { headers });
      return found.map((image) => Number(image.name.split(":")[1]));
    },
    async lease(id) {
      await leases.create({ id }, { headers });
    },
    collect,
    async collectAll() {
      const { leases: found } = await leases.list({}, { headers });
      for (const { id } of found) await leases.delete({ id }, { headers });
      await collect();
    },
  };
}

function nameOf(number: number): string {
  return `example.com/image:${number}`;
}
