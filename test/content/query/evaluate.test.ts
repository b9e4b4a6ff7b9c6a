import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Instant } from "../../../content/instant.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import { compileBlobQuery, compileIngestQuery, readQuery } from "../../../content/query.ts";
import { compileRegexp } from "../../../content/regexp.ts";
import type { Blob, Ingest } from "../../../content/remote/events.ts";
import { blobConditions, blobs, ingestConditions, ingests, now, tokensOf } from "./arbitraries.ts";

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;
const ago = (ms: number) => new Date(now.getTime() - ms);

function blob(namespace: string, hex: string, size: number, ageMs: number, labels: Record<string, string> = {}): Blob {
  const digest = makeDigest(hex.length > 64 ? "sha512" : "sha256", hex.padEnd(hex.length > 64 ? 128 : 64, "0"));
  const createdAt = ago(ageMs);
  return { namespace, info: { digest, size, createdAt, updatedAt: ago(Math.min(ageMs, hour)), labels } };
}

const rows: Readonly<Record<string, Blob>> = {
  plain: blob("default", "9f2c41", 100, 0),
  layer: blob("k8s.io", "9f2c42", 1024, 7 * day, { kind: "layer", team: "payments" }),
  config: blob("k8s.io", "abcdef", 2048, day, { kind: "config", note: "Payments, too" }),
  odd: blob("moby", "9f2c41".padEnd(65, "1"), 1_073_741_824, 8 * day, { "a=b": "c d", kind: "" }),
};

function select(text: string): readonly string[] {
  const matches = compileBlobQuery(readQuery(text, "blobs"), now, compileRegexp);
  return Object.keys(rows).filter((name) => rows[name] && matches(rows[name]));
}

describe("a query of blobs finds", () => {
  test.each([
    ["", ["plain", "layer", "config", "odd"]],
    ["9f2c41", ["plain", "odd"]],
    ["sha256:9f2c41", ["plain"]],
    ["digest:9f2c", ["plain", "layer", "odd"]],
    ["digest:sha512:", ["odd"]],
    ["9f2c41 9f2c42", ["plain", "layer", "odd"]],
    ["9f2c41 digest:a", ["plain", "config", "odd"]],
    ["digest:a digest:/^sha512/", ["config", "odd"]],
    ["-9f2c41", ["layer", "config"]],
    ["payments", ["layer"]],
    ["kind=", ["layer", "config", "odd"]],
    ["team=payments", ["layer"]],
    ["kind layer", ["layer"]],
    ["/(?i)payments/", ["layer", "config"]],
    ["/^sha256:ab/", ["config"]],
    ["-/^kind=./", ["plain", "odd"]],
    ["size:100", ["plain"]],
    ["size:>100", ["layer", "config", "odd"]],
    ["size:>=1KiB size:<2KiB", ["layer"]],
    ["size:1KiB..2KiB", ["layer", "config"]],
    ["size:100 size:2KiB..1GiB", ["plain", "config", "odd"]],
    ["size:100 size:>1", ["plain"]],
    ["-size:1KiB..2KiB", ["plain", "odd"]],
    ["age:<7d", ["plain", "config"]],
    ["age:<=7d", ["plain", "layer", "config"]],
    ["age:>7d", ["odd"]],
    ["age:1d..7d", ["layer", "config"]],
    ["updated:<1h", ["plain"]],
    ["ns:moby ns:default", ["plain", "odd"]],
    ["-ns:moby -ns:default", ["layer", "config"]],
    ["ns:k8s.io kind=layer", ["layer"]],
    ["label:kind", ["layer", "config"]],
    ["-label:kind", ["plain", "odd"]],
    ["label:kind=", ["plain", "odd"]],
    ["label:kind=lay", []],
    ["label:kind=layer", ["layer"]],
    ["label:kind=layer label:kind=config", ["layer", "config"]],
    ["label:kind=layer label:kind=", ["plain", "layer", "odd"]],
    ["label:kind=layer label:team=other", []],
    ["label:kind label:team", ["layer"]],
    ["-label:kind=layer", ["plain", "config", "odd"]],
    ["label:kind=/a|c/", ["layer", "config"]],
    ["label:kind=/.*/", ["layer", "config"]],
    ["-label:kind=/.*/", ["plain", "odd"]],
    ['label:"a=b"="c d"', ["odd"]],
    ["label:toString", []],
    ["label:/^a=b=c d$/", ["odd"]],
  ])("%s", (text, names) => {
    expect(select(text)).toEqual(names);
  });
});

test("an age counts to the microsecond", () => {
  const at = (micros: number): Blob => ({
    namespace: "default",
    info: {
      ...(rows["plain"] as Blob).info,
      createdAt: new Instant((now.getTime() - day) * 1000 + micros),
    },
  });
  const younger = compileBlobQuery(readQuery("age:<1d", "blobs"), now, compileRegexp);
  expect([-1, 0, 1].map((micros) => younger(at(micros)))).toEqual([false, false, true]);
  const older = compileBlobQuery(readQuery("age:>=1d", "blobs"), now, compileRegexp);
  expect([-1, 0, 1].map((micros) => older(at(micros)))).toEqual([true, true, false]);
});

function ingest(ref: string, state: Ingest["state"], offset: number, ageMs: number, namespace = "default") {
  return { namespace, state, status: { ref, offset, startedAt: ago(ageMs) } };
}

const writes = [
  ingest("layer-sha256:9f2c41", "writing", 100, second),
  ingest("layer-sha256:abcdef", "stalled", 0, hour, "moby"),
  ingest("upload", "resumable", 2048, day),
  ingest("other", "unknown", 0, day),
];

describe("a query of ingests finds", () => {
  test.each([
    ["", ["layer-sha256:9f2c41", "layer-sha256:abcdef", "upload", "other"]],
    ["layer 9f2c41", ["layer-sha256:9f2c41"]],
    ["ref:upload ref:9f", ["layer-sha256:9f2c41", "upload"]],
    ["ref:/^o/", ["other"]],
    ["-/^layer/", ["upload", "other"]],
    ["state:stalled state:resumable", ["layer-sha256:abcdef", "upload"]],
    ["-state:stalled", ["layer-sha256:9f2c41", "upload", "other"]],
    ["size:0", ["layer-sha256:abcdef", "other"]],
    ["age:>=1h", ["layer-sha256:abcdef", "upload", "other"]],
    ["ns:moby", ["layer-sha256:abcdef"]],
  ])("%s", (text, refs) => {
    const matches = compileIngestQuery(readQuery(text, "ingests"), now, compileRegexp);
    expect(writes.filter(matches).map(({ status }) => status.ref)).toEqual(refs);
  });
});

test("a token and its opposite part all rows in two", () => {
  fc.assert(
    fc.property(tokensOf(blobConditions), blobs, (text, row) => {
      for (const { span, excluded } of readQuery(text, "blobs").terms) {
        const token = text.slice(span.start + Number(excluded), span.end);
        const matches = (query: string) => compileBlobQuery(readQuery(query, "blobs"), now, compileRegexp)(row);
        expect(matches(token)).toBe(!matches(`-${token}`));
      }
    }),
  );
  fc.assert(
    fc.property(tokensOf(ingestConditions), ingests, (text, row) => {
      for (const { span, excluded } of readQuery(text, "ingests").terms) {
        const token = text.slice(span.start + Number(excluded), span.end);
        const matches = (query: string) => compileIngestQuery(readQuery(query, "ingests"), now, compileRegexp)(row);
        expect(matches(token)).toBe(!matches(`-${token}`));
      }
    }),
  );
});
