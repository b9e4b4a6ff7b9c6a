import { expect, test } from "vitest";
import type { Family } from "../../../server/metrics/family.ts";
import { chooseFormat, formatFamilies } from "../../../server/metrics/format.ts";
import { createHistogram } from "../../../server/metrics/histogram.ts";

const families: readonly Family[] = [
  { name: "a", type: "counter", help: "Counts.", samples: [{ labels: { x: 'a"b\\c\nd' }, value: 2 }] },
  { name: "b", type: "gauge", help: "Is there.", samples: [{ value: 0.5 }] },
  { name: "c", type: "info", help: "Tells.", samples: [{ labels: { version: "1" }, value: 1 }] },
];

test("the text format names a counter as its samples are, and takes what is told for a gauge", () => {
  expect(formatFamilies(families, "text")).toBe(`# HELP a_total Counts.
# TYPE a_total counter
a_total{x="a\\"b\\\\c\\nd"} 2
# HELP b Is there.
# TYPE b gauge
b 0.5
# HELP c_info Tells.
# TYPE c_info gauge
c_info{version="1"} 1
`);
});

test("OpenMetrics names families, and ends", () => {
  const text = formatFamilies(families, "openmetrics");
  expect(text).toContain("# TYPE a counter\na_total{");
  expect(text).toContain("# TYPE c info\nc_info{");
  expect(text).toMatch(/\n# EOF\n$/);
});

test("a bucket holds what is as large as its bound, and all below it", () => {
  const histogram = createHistogram([0.5, 1]);
  for (const value of [0.1, 0.5, 0.7, 3]) histogram.add(value);
  const lines = formatFamilies([{ name: "h", type: "histogram", help: "H.", samples: histogram.samples({}) }], "text");
  expect(lines.split("\n").slice(2, -1)).toEqual([
    'h_bucket{le="0.5"} 2',
    'h_bucket{le="1.0"} 3',
    'h_bucket{le="+Inf"} 4',
    "h_sum 4.3",
    "h_count 4",
  ]);
});

test.for([
  [undefined, "text"],
  ["*/*", "text"],
  ["text/html,*/*;q=0.8", "text"],
  ["application/openmetrics-text", "openmetrics"],
  ["application/openmetrics-text; version=2.0.0", "text"],
  ["application/openmetrics-text;q=0.2, text/plain;q=0.5", "text"],
  ["application/openmetrics-text;q=0, */*", "text"],
  [
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
    "openmetrics",
  ],
] as const)("a client that accepts %s is given %s", ([accept, format]) => {
  expect(chooseFormat(accept)).toBe(format);
});
