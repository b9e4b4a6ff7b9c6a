import type { Logger } from "pino";
import { partsOfName } from "../../../content/catalog.ts";
import { ContentError } from "../../../content/errors.ts";
import type { Store } from "../../../content/store.ts";
import type { ImagePart, ImageParts } from "../../catalog/images/parts.ts";
import { partsOf } from "../../catalog/images/parts.ts";
import type { Metadata } from "../../metadata/metadata.ts";
import { scopeOf } from "../../policy/call.ts";
import { withScope } from "../../policy/identify.ts";
import type { Download } from "../attachment.ts";
import { attachmentHeaders, createDownloads } from "../attachment.ts";
import type { Request, Response } from "../request.ts";
import { answerText, begin, finish } from "../request.ts";
import { sendBytes } from "../send.ts";
import type { ImageArchive } from "./archive.ts";
import { planArchive } from "./archive.ts";
import { dockerImageIn } from "./docker-image.ts";

/** Where images are exported from. */
export const exportPath = "/-/export";

/** An image that cannot be exported as it is. */
const conflict = 409;

/**
 * Answers `GET|HEAD /-/export?ns=NAMESPACE&name=IMAGE[&platform=linux/arm64][&store=local]` with an archive of the image, of all its
 * platforms that are here or of one.
 *
 * An image of which a blob is missing, or cannot be read, is refused before the first byte. Nothing is kept in memory: a blob is read
 * as its client takes it, and what goes wrong on the way cuts the connection.
 */
export function createExport(metadata: Pick<Metadata, "in" | "images" | "catalog">, logger: Logger): Download {
  return createDownloads({
    logger,
    logged: { namespace: "ns", name: "name", platform: "platform" },
    async answer({ searchParams: query }, request, response, call, signal) {
      const scope = scopeOf(withScope(call, query.get("ns"), null));
      const name = query.get("name") ?? "";
      if (name === "") throw new ContentError("invalid-argument", "name is required");
      const image = await metadata.images.get(scope.namespace, name);
      const platform = query.get("platform") || undefined;
      const chosen = chooseParts(await partsOf(metadata.catalog, scope.namespace, image), platform);
      if (typeof chosen === "string") return answerText(response, conflict, `${name} ${chosen}`);
      const store = metadata.in(scope);
      await openEach(chosen, store, signal);
      const archive = planArchive(image, chosen, await dockerImageIn(metadata.catalog, chosen));
      await sendArchive(archive, fileName(name, platform), store, { request, response, signal });
    },
  });
}

/** What of an image goes into an archive, or why nothing can. @param platform absent: all @throws `not-found` for none of its platforms */
function chooseParts({ parts, platforms, truncated }: ImageParts, platform?: string): readonly ImagePart[] | string {
  if (truncated) return "leads to more than can be exported";
  const one = platforms.find((each) => each.platform === platform);
  if (platform !== undefined && one === undefined) {
    throw new ContentError("not-found", `platform ${JSON.stringify(platform)}`);
  }
  if (one?.isFetched === false) return `has no manifest for ${platform} here`;
  const needed = one && new Set(one.needed);
  const chosen = needed === undefined ? parts : parts.filter(({ digest }, at) => at === 0 || needed.has(digest));
  const missing = chosen.filter(({ isThere }) => !isThere);
  const [first] = missing;
  if (first === undefined) return chosen;
  return `lacks ${missing.length} of the ${chosen.length} blobs that it needs, such as ${first.digest}`;
}

interface Asked {
  readonly request: Request;
  readonly response: Response;
  readonly signal: AbortSignal;
}

async function sendArchive(
  archive: ImageArchive,
  fileName: string,
  store: Store,
  { request, response, signal }: Asked,
): Promise<void> {
  const headers = {
    ...attachmentHeaders(fileName),
    "content-length": String(archive.size),
    // Names change what they stand for.
    "cache-control": "no-store",
  };
  const start = () => begin(response, 200, headers);
  if (request.method === "HEAD") {
    start();
    return finish(response);
  }
  await sendBytes(response, archive.read(store, signal), archive.size, start);
}

/** What cannot be read is known while it can still be said. @throws what the store throws */
async function openEach(parts: readonly ImagePart[], store: Store, signal: AbortSignal): Promise<void> {
  for (const { digest } of parts) {
    await using _reader = await store.readerAt({ digest }, signal);
  }
}

/** Characters of a file's name without its ending. */
const maxFileName = 120;

/** A name that every file system takes, such as `app-1.5-linux-arm64.tar`. */
function fileName(name: string, platform: string | undefined): string {
  const { repository, tag, digest } = partsOfName(name);
  const last = repository.slice(repository.lastIndexOf("/") + 1);
  const words = [last, tag || digest.slice(0, 19), platform ?? ""].filter((word) => word !== "").join("-");
  const plain = words.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+/, "");
  return `${plain.slice(0, maxFileName) || "image"}.tar`;
}
