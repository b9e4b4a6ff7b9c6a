import type { AuditEvent } from "../../content/audit.ts";
import { quoteValue } from "../../content/query.ts";
import type { EventQuery } from "../_live/events.ts";
import { storeHref } from "../_live/here.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { formatCount, formatCounted } from "../_ui/format.ts";

/** What an event did, in words, such as `delete image`. */
export function actWords({ act, kind }: AuditEvent): string {
  if (act === "sign-in" || act === "sign-out" || kind === "") return act.replace("-", " ");
  return `${act} ${kind}`;
}

/**
 * What called, by its user agent: browsers tell much of themselves, of which their own name and version are shown, such as `Firefox 140`;
 * of others it is the first word, such as `containerd/1.7.24`.
 */
export function clientWords(userAgent: string): string {
  if (!userAgent.startsWith("Mozilla/")) return userAgent.split(" ", 1)[0] ?? "";
  for (const [pattern, name] of browsers) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return "a browser";
}

/** Each names itself by another one's words too, so that the first that fits is meant. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\bFirefox\/(\d+)/, "Firefox"],
  [/\b(?:Headless)?Chrome\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+)\S* (?:Mobile\/\S+ )?Safari\//, "Safari"],
];

/** How an event went, in a word. */
export function resultWord({ code, cause }: AuditEvent): string {
  if (code !== "ok") return code.replace("-", " ");
  return cause === "client" ? "ok" : cause;
}

/** Those that are told by one event, in words; absent where it tells of itself alone. */
export function moreWords({ act, more }: AuditEvent): string | undefined {
  if (more === 0) return undefined;
  return act === "gap" ? `${formatCounted(more, "event")} could not be recorded` : `… and ${formatCount(more)} more`;
}

/** The page of what an event is about; undefined: it has none. */
export function objectHref(event: AuditEvent): string | undefined {
  const { kind, name, digest, namespace, store } = event;
  const peek = (page: string) =>
    `/${page}?ns=${encodeURIComponent(namespace)}&peek=${encodeURIComponent(`${namespace}/${name}`)}`;
  const path = ((): string | undefined => {
    switch (kind) {
      case "blob":
        return digest === "" || namespace === "" ? undefined : `/blob?ns=${encodeURIComponent(namespace)}&d=${digest}`;
      case "image":
        return name === "" ? undefined : peek("images");
      case "lease":
        return name === "" ? undefined : peek("leases");
      case "namespace":
        return name === "" ? undefined : `/namespaces?peek=${encodeURIComponent(name)}`;
      default:
        return undefined;
    }
  })();
  const isDefault = factsOf(storesStore.get(), store)?.isDefault !== false;
  return path && storeHref(path, isDefault ? "" : store);
}

/** Tokens of the query language that an event matches. */
export function eventTokens(event: AuditEvent): readonly string[] {
  const { act, kind, who, peer, name, digest, namespace, code, cause, store } = event;
  const token = (field: string, value: string) => (value === "" ? [] : [`${field}:${quoteValue(value)}`]);
  return [
    ...token("act", act),
    ...token("kind", kind),
    ...token("who", who),
    ...token("from", peer),
    ...token("digest", digest),
    ...token("object", name),
    ...token("code", code),
    ...token("cause", cause),
    ...token("ns", namespace),
    ...token("store", store),
  ];
}

/** Where the events of a query are downloaded. */
export function exportHref(format: "csv" | "ndjson", { query, namespaces }: EventQuery): string {
  const asked = new URLSearchParams({ format });
  if (query !== "") asked.set("q", query);
  for (const name of namespaces) asked.append("ns", name);
  return `/-/audit?${asked}`;
}
