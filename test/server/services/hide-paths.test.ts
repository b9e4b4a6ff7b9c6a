import { expect, test } from "vitest";
import { hidePaths } from "../../../server/services/hide-paths.ts";

test.for<[text: string, root: string, shown: string]>([
  ["cannot write to /srv/blobs: no space", "/srv/blobs", "cannot write to (path): no space"],
  ["ENOENT: no such file, open '/etc/a b.toml'", "/srv", "ENOENT: no such file, open '(path) b.toml'"],
  ["cannot use data/metadata.db: locked", "data", "cannot use (path): locked"],
  ["cannot use ../d+/metadata.db: locked", "../d+", "cannot use (path): locked"],
  ["two (/a, /b/c)", "data", "two ((path), (path))"],
])("%s, of the directory %s, is shown as %s", ([text, root, shown]) => {
  expect(hidePaths(text, root)).toBe(shown);
});

test.for([
  "store/local did not open: no space",
  "it requires any metadata, which is off",
  "cannot reach http://127.0.0.1:3000/x",
  "config service/data.names.1: expected string",
])("%s is shown as it is", (text) => {
  expect(hidePaths(text, "data")).toBe(text);
});
