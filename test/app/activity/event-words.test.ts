import { expect, test } from "vitest";
import {
  actWords,
  clientWords,
  eventTokens,
  exportHref,
  moreWords,
  objectHref,
  resultWord,
} from "../../../app/activity/event-words.ts";
import { suggestEvents } from "../../../app/activity/suggest.ts";
import type { AuditEvent } from "../../../content/audit.ts";
import { readQuery } from "../../../content/query.ts";

const digest = `sha256:${"a".repeat(64)}`;

function event(some: Partial<AuditEvent>): AuditEvent {
  const texts = { who: "mei", peer: "unix socket", userAgent: "ctr", method: "", store: "local", namespace: "k8s.io" };
  const rest = { kind: "blob", name: "", digest, code: "ok", error: "", call: "", cause: "client", more: 0 };
  return { ...texts, ...rest, id: 1, at: new Date(), act: "delete", changes: [], changesLeftOut: 0, ...some };
}

test("an event is told in words", () => {
  expect(actWords(event({}))).toBe("delete blob");
  expect(actWords(event({ act: "sign-in", kind: "session" }))).toBe("sign in");
  expect(resultWord(event({}))).toBe("ok");
  expect(resultWord(event({ code: "not-found" }))).toBe("not found");
  expect(resultWord(event({ cause: "collection" }))).toBe("collection");
  expect(moreWords(event({ more: 214 }))).toBe("… and 214 more");
  expect(moreWords(event({}))).toBeUndefined();
});

test("what called is told in the words that tell most", () => {
  const engine = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";
  expect(clientWords(`${engine} Chrome/140.0.0.0 Safari/537.36`)).toBe("Chrome 140");
  expect(clientWords(`${engine} Chrome/140.0.0.0 Safari/537.36 Edg/139.0`)).toBe("Edge 139");
  expect(clientWords("Mozilla/5.0 (X11; rv:141.0) Gecko/20100101 Firefox/141.0")).toBe("Firefox 141");
  expect(clientWords("Mozilla/5.0 (iPhone) AppleWebKit/605 Version/18.1 Mobile/15E148 Safari/604.1")).toBe("Safari 18");
  expect(clientWords("Mozilla/4.0 (of old)")).toBe("a browser");
  expect(clientWords("containerd/1.7.24 grpc-go/1.59.0")).toBe("containerd/1.7.24");
  expect(clientWords("")).toBe("");
});

test("what an event is about is linked where it has a page", () => {
  expect(objectHref(event({}))).toBe(`/blob?ns=k8s.io&d=${digest}`);
  expect(objectHref(event({ kind: "image", name: "reg/app:1" }))).toBe("/images?ns=k8s.io&peek=k8s.io%2Freg%2Fapp%3A1");
  expect(objectHref(event({ kind: "lease", name: "l 1" }))).toBe("/leases?ns=k8s.io&peek=k8s.io%2Fl%201");
  expect(objectHref(event({ kind: "ingest", name: "ref" }))).toBeUndefined();
});

test("every token of an event is one that its query language reads", () => {
  const tokens = eventTokens(event({ name: 'a "b" c' }));
  expect(tokens).toContain('from:"unix socket"');
  for (const token of tokens) expect(readQuery(token, "events").terms).toHaveLength(1);
});

test("a query is completed with what events have, and with words that none has", () => {
  const known = { namespaces: ["n"], events: [event({}), event({ act: "label" }), event({})] };
  const labels = (text: string) => suggestEvents(text, text.length, known).map(({ label }) => label);
  expect(labels("ac")).toEqual(["act:"]);
  expect(labels("act:").slice(0, 3)).toEqual(["delete", "label", "write"]);
  expect(labels("who:")).toEqual(["mei"]);
  expect(labels("ns:")).toEqual(["n"]);
  expect(labels("age:")).toContain("<7d");
});

test("an export is asked for with the query and the namespaces", () => {
  const query = { query: "act:delete who:/^m/", namespaces: ["a", "b"] };
  expect(exportHref("csv", query)).toBe("/-/audit?format=csv&q=act%3Adelete+who%3A%2F%5Em%2F&ns=a&ns=b");
});
