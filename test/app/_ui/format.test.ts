import { expect, test } from "vitest";
import {
  formatAge,
  formatAgo,
  formatBytes,
  formatCounted,
  formatDuration,
  formatExactBytes,
  formatMoment,
  formatPart,
  formatRate,
  formatShare,
  formatShortDuration,
  formatTimeOfDay,
} from "../../../app/_ui/format.ts";

const parts = new Intl.NumberFormat().formatToParts(1234.5);
const group = parts.find(({ type }) => type === "group")?.value ?? "";
const decimal = parts.find(({ type }) => type === "decimal")?.value ?? "";

/** A formatted text as an English reader would have it: the separators of this machine's locale, and plain spaces. */
function plain(text: string): string {
  return [...text]
    .map((sign) => (sign === group ? "," : sign === decimal ? "." : sign === "\u00a0" ? " " : sign))
    .join("");
}

test.each([
  [0, "0 B"],
  [1, "1 B"],
  [1023, "1,023 B"],
  [1024, "1.00 KiB"],
  [4096, "4.00 KiB"],
  [1_331_439_861, "1.24 GiB"],
  [503_526_195, "480 MiB"],
  [2 ** 50, "1.00 PiB"],
  [Number.MAX_SAFE_INTEGER, "8.00 PiB"],
])("%d bytes read %s", (bytes, text) => {
  expect(plain(formatBytes(bytes))).toBe(text);
});

test("a size never parts from its unit at the end of a line", () => {
  expect(formatBytes(2048)).not.toContain(" ");
  expect(formatExactBytes(2048)).not.toContain(" ");
});

test("an exact size has every byte", () => {
  expect(plain(formatExactBytes(1_331_439_861))).toBe("1,331,439,861 B");
});

test("a part is told in the unit of its whole", () => {
  expect(formatPart(327_155_712, 503_316_480).map(plain)).toEqual(["312", "480 MiB"]);
  expect(formatPart(676_457_349, 1_277_752_770).map(plain)).toEqual(["0.63", "1.19 GiB"]);
  expect(formatPart(0, 1024).map(plain)).toEqual(["0", "1.00 KiB"]);
});

test("a rate is bytes per second", () => {
  expect(plain(formatRate(22_858_957))).toBe("21.8 MiB/s");
  expect(plain(formatRate(0.4))).toBe("0 B/s");
});

test("a count has its noun in the right number", () => {
  expect([0, 1, 1204].map((count) => plain(formatCounted(count, "blob")))).toEqual([
    "0 blobs",
    "1 blob",
    "1,204 blobs",
  ]);
});

test("a share is cut, so that what is not done never reads 100 %", () => {
  expect([0, 0.129, 0.9999, 1, 1.5, -1].map((share) => plain(formatShare(share)))).toEqual([
    "0 %",
    "12 %",
    "99 %",
    "100 %",
    "100 %",
    "0 %",
  ]);
});

test.each([
  [-5, "0 s"],
  [340, "0.3 s"],
  [1000, "1 s"],
  [41_900, "41 s"],
  [192_000, "3 m 12 s"],
  [840_000, "14 m"],
  [3_900_000, "1 h 5 m"],
  [4 * 86_400_000 + 5, "4 d"],
])("%d ms read %s", (ms, text) => {
  expect(plain(formatDuration(ms))).toBe(text);
});

test("a short duration has its largest unit only", () => {
  expect(plain(formatShortDuration(192_000))).toBe("3 m");
  expect(plain(formatShortDuration(14_000))).toBe("14 s");
});

test("what happened just now has no number", () => {
  expect([formatAge(999), formatAgo(0)]).toEqual(["now", "just now"]);
  expect(plain(formatAgo(14_000))).toBe("14 s ago");
});

test("a moment is told in UTC besides", () => {
  expect(formatMoment(new Date("2026-03-04T14:02:11.987Z"))).toContain("2026-03-04 14:02:11 UTC");
});

test("a time of day has 24 hours", () => {
  expect(formatTimeOfDay(new Date(2026, 2, 4, 0, 2, 11))).toMatch(/^00\D02\D11$/);
});
