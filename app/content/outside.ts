import { compileBlobQuery, readQuery } from "../../content/query.ts";
import type { Selection } from "../../content/remote/events.ts";
import { compilePattern } from "../_query/compiler.ts";
import { namingQuery } from "../_query/naming.ts";
import type { Outside } from "../_ui/list/chosen.ts";
import type { ChosenBlobs } from "./chosen.ts";

/** What of a choice is not in a selection, which was asked for. Of a choice of all, nothing can be told. */
export function outsideOf(chosen: ChosenBlobs, { query = "", namespaces = [] }: Selection): Outside {
  if (chosen.kind === "all") return { count: 0, query: "" };
  const meets = query === "" ? () => true : compileBlobQuery(readQuery(query, "blobs"), new Date(), compilePattern);
  const isIn = (namespace: string) => namespaces.includes("*") || namespaces.includes(namespace);
  const left = [...chosen.items.values()].filter((blob) => !isIn(blob.namespace) || !meets(blob));
  const digests = left.map(({ info }) => info.digest);
  return { count: left.length, query: namingQuery("digest", digests) };
}
