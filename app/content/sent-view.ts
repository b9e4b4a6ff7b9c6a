import { algorithmOf, hexOf } from "../../content/digest.ts";
import type { Blob } from "../../content/remote/events.ts";

/** A blob as a link names it: what a person can still read of it. */
export interface SentBlob {
  readonly namespace: string;
  /** The start of its digest, with the algorithm. */
  readonly start: string;
}

/** What a link says beyond query and order: where its sender was, and when. */
export interface SentView {
  /** The row that its sender was at, and its place then, from 0. */
  readonly at?: SentBlob & { readonly index: number };
  /** What was selected: some blobs, or all that match. */
  readonly selected?: "all" | readonly SentBlob[];
  /** What its sender knew. */
  readonly since?: { readonly at: Date; readonly token: string };
  /** ColumnChoice.shared; the list reads it by itself. Absent: the columns are as the list has them. */
  readonly columns?: string;
}

/** Hexadecimal digits of a digest in a link: enough to tell a million million blobs apart. */
const startHex = 12;

/** Blobs that a link names one by one, at most. */
export const mostSelected = 50;

/** A blob as a link names it. */
export function sentBlobOf({ namespace, info }: Blob): SentBlob {
  return { namespace, start: `${algorithmOf(info.digest)}:${hexOf(info.digest).slice(0, startHex)}` };
}

/** True for the blob that a link names. */
export function isSentBlob({ namespace, start }: SentBlob, blob: Blob): boolean {
  return blob.namespace === namespace && blob.info.digest.startsWith(start);
}

/** The address with what its sender saw. @param href an address of the page, whose query and order stay */
export function toSentAddress(href: string, { at, selected, since, columns }: SentView): string {
  const url = new URL(href);
  const set = (name: string, value: string | undefined) =>
    value === undefined || value === "" ? url.searchParams.delete(name) : url.searchParams.set(name, value);
  set("at", at && nameOf(at));
  set("row", at && String(at.index + 1));
  set("sel", selected === "all" ? "*" : selected?.slice(0, mostSelected).map(nameOf).join(","));
  set("cols", columns);
  set("asof", since?.at.toISOString());
  set("since", since?.token);
  return url.href;
}

/** Parameters of the address by which a link says it; null or absent: it does not. */
type SentParams = { readonly [Name in "at" | "row" | "sel" | "asof" | "since"]?: string | null };

/** What a link says; what is none of this is left out. */
export function fromSentAddress(params: SentParams): SentView {
  const [at] = blobsOf(params.at ?? "");
  const row = Number(params.row ?? "1");
  const selected = params.sel === "*" ? "all" : blobsOf(params.sel ?? "").slice(0, mostSelected);
  const [asOf, token] = [new Date(params.asof ?? ""), params.since ?? ""];
  return {
    ...(at && { at: { ...at, index: Number.isSafeInteger(row) && row > 0 ? row - 1 : 0 } }),
    ...(selected.length > 0 && { selected }),
    ...(!Number.isNaN(asOf.getTime()) && { since: { at: asOf, token } }),
  };
}

function nameOf({ namespace, start }: SentBlob): string {
  return `${namespace}/${start}`;
}

function blobsOf(text: string): readonly SentBlob[] {
  return text.split(",").flatMap((name) => {
    const [, namespace, start] = /^([^/]+)\/(sha(?:256|384|512):[0-9a-f]{6,128})$/.exec(name) ?? [];
    return namespace === undefined || start === undefined ? [] : [{ namespace, start }];
  });
}
