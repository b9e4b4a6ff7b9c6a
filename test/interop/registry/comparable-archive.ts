import { createHash } from "node:crypto";

/** Bytes of a header, and what contents are filled up to. */
const block = 512;

/**
 * A digest of an archive that `ctr` wrote. It writes the images of `manifest.json` in the order of a map of Go's, which is another
 * one each time: here they are in the order of their configs. All else counts byte for byte.
 */
export function archiveDigest(archive: Buffer): string {
  const hash = createHash("sha256");
  for (let at = 0; at < archive.length; ) {
    const header = archive.subarray(at, at + block);
    const name = textAt(header, 0, 100);
    const size = Number.parseInt(textAt(header, 124, 12), 8) || 0;
    const content = archive.subarray(at + block, at + block + size);
    hash.update(header).update(name === "manifest.json" ? inOrder(content) : content);
    at += block + Math.ceil(size / block) * block;
  }
  return hash.digest("hex");
}

function textAt(header: Buffer, start: number, length: number): string {
  const [text = ""] = header.toString("latin1", start, start + length).split("\0");
  return text;
}

function inOrder(content: Buffer): string {
  const images = JSON.parse(content.toString()) as readonly { readonly Config: string }[];
  return JSON.stringify(images.toSorted((a, b) => (a.Config < b.Config ? -1 : 1)));
}
