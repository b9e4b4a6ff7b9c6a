import { expect, test } from "vitest";
import type { KeyPath } from "../../../server/config/locate.ts";
import { lineOf } from "../../../server/config/locate.ts";

const text = `# line 1
data = "d"

modules = [
  "one.ts", # line 5
  "two.ts",
]
a.b.c = 1
text = """
[services.fake]
data = 2
"""
'quoted.key' = true

[[listen]]
address = "127.0.0.1:0"

[[listen]]
  socket = "s" # line 19
  [listen.inner]
  deep = { x = 1, y = 2 }

[services."odd.id"]
enabled = false
size = 10`;

test.for<[path: KeyPath, line: number | undefined]>([
  [["data"], 2],
  [["modules"], 4],
  [["modules", 1], 4],
  [["a", "b", "c"], 8],
  [["text"], 9],
  [["quoted.key"], 13],
  [["listen", 0], 15],
  [["listen", 0, "address"], 16],
  [["listen", 1, "socket"], 19],
  [["listen", 1, "inner", "deep", "y"], 21],
  [["listen", 1, "namespace"], 18],
  [["services", "odd.id", "size"], 25],
  [["services", "odd.id", "colour"], 23],
  [["services", "fake"], undefined],
  [["a"], 8],
  [["a", "b"], 8],
  [["services"], 23],
  [["stores"], undefined],
])("%j is on line %s", ([path, line]) => {
  expect(lineOf(text, path)).toBe(line);
});
