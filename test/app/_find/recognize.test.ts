import { expect, test } from "vitest";
import { recognize } from "../../../app/_find/recognize.ts";

const origin = "http://127.0.0.1:3000";
const digest = `sha256:${"9f".repeat(32)}`;

test.each([
  ["a digest", digest],
  ["a digest in capitals", digest.toUpperCase().replace("SHA", "sha")],
  ["a digest within a name", `registry.example/app@${digest}`],
  ["a path of a layout", `blobs/sha256/${"9f".repeat(32)}`],
  ["the name of a download", `sha256-${"9f".repeat(32)}`],
  ["a line that ctr prints", `${digest}\t4.1 kB\t3 minutes\tteam=payments`],
  ["an address elsewhere", `https://elsewhere.example/blob?d=${encodeURIComponent(digest)}`],
])("%s is recognised", (_, text) => {
  expect(recognize(` ${text} \n`, origin)).toMatchObject({ kind: "anything", digest });
});

test("the beginning of a digest is one from six digits on", () => {
  expect(recognize("9f2C41", origin)).toMatchObject({ digest: "9f2c41" });
  expect(recognize("sha256:9f2c41", origin)).toMatchObject({ digest: "sha256:9f2c41" });
  expect(recognize("9f2c4", origin)).not.toHaveProperty("digest");
  expect(recognize("decades", origin)).not.toHaveProperty("digest");
});

test.each([
  `ctr -n moby content get ${digest}`,
  `sudo ctr -a /run/containerd/containerd.sock --namespace=moby content get ${digest}`,
  `ctr --namespace 'moby' content label ${digest} team=payments`,
  `${origin}/blob?ns=moby&d=${digest}`,
])("%s names its namespace", (line) => {
  expect(recognize(line, origin)).toMatchObject({ digest, namespace: "moby" });
});

test("only addresses of this dashboard are opened", () => {
  expect(recognize(`${origin}/content?q=size%3A%3E1MiB`, origin)).toMatchObject({ path: "/content?q=size%3A%3E1MiB" });
  expect(recognize("/content?ns=moby", origin)).toMatchObject({ path: "/content?ns=moby" });
  expect(recognize("https://elsewhere.example/content?q=a", origin)).not.toHaveProperty("path");
  expect(recognize("javascript:alert(1)", origin)).not.toHaveProperty("path");
});

test.each([
  ["", { kind: "nothing" }],
  ["> pause", { kind: "actions", words: "pause" }],
  ["@mo", { kind: "namespaces", words: "mo" }],
  ["/ing", { kind: "pages", words: "ing" }],
  ["#", { kind: "labels" }],
  ["#=x", { kind: "labels" }],
  ["#team", { kind: "labels", query: "label:team" }],
  ["#team=", { kind: "labels", query: "label:team" }],
  ["#team=a b", { kind: "labels", query: 'label:team="a b"' }],
  ["#my team=a=b", { kind: "labels", query: 'label:"my team"=a=b' }],
])("%j is told by its prefix", (text, wanted) => {
  expect(recognize(text, origin)).toEqual(wanted);
});

test("a text that is too long is cut", () => {
  expect(recognize("x".repeat(10_000), origin)).toMatchObject({ words: "x".repeat(4096) });
});
