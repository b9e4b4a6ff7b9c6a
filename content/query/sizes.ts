import { ContentError } from "../errors.ts";
import { shown } from "./fault.ts";

const units = [
  { name: "TiB", bytes: 2 ** 40 },
  { name: "GiB", bytes: 2 ** 30 },
  { name: "MiB", bytes: 2 ** 20 },
  { name: "KiB", bytes: 2 ** 10 },
] as const;

/** Digits after the point that a size may have. */
const maxDecimals = 3;

const size = /^(\d{1,16})(?:\.(\d{1,16}))?([A-Za-z]*)$/;

/**
 * A size such as `4096`, `100MiB` or `1.24GiB`, in bytes, to the nearest whole one.
 *
 * @throws `invalid-argument` for decimal units, with the size that was meant; for what is no size, and from 2^53 on
 */
export function parseSize(text: string): number {
  const match = size.exec(text);
  if (!match) throw new ContentError("invalid-argument", `${shown(text)} is no size, such as 100MiB`);
  const [, whole = "", decimals = "", name = ""] = match;
  const bytesOfUnit = unitOf(name, text);
  if (decimals.length > maxDecimals || (decimals !== "" && bytesOfUnit === 1)) {
    const most = bytesOfUnit === 1 ? "bytes are whole numbers" : `a size has ${maxDecimals} decimals at most`;
    throw new ContentError("invalid-argument", `${shown(text)}: ${most}`);
  }
  const bytes = Math.round(Number(`${whole}.${decimals}0`) * bytesOfUnit);
  if (!Number.isSafeInteger(bytes)) throw new ContentError("invalid-argument", `${shown(text)} is too large a size`);
  return bytes;
}

/** A size as parseSize reads it back: with decimals in its largest unit, else in the largest that tells it whole. */
export function formatSize(bytes: number): string {
  const fitting = units.filter((unit) => unit.bytes <= bytes);
  for (const [index, unit] of fitting.entries()) {
    const count = Number((bytes / unit.bytes).toFixed(index === 0 ? maxDecimals : 0));
    if (Math.round(count * unit.bytes) === bytes) return `${count}${unit.name}`;
  }
  return String(bytes);
}

function unitOf(name: string, text: string): number {
  const lower = name.toLowerCase();
  if (lower === "" || lower === "b") return 1;
  const unit = units.find((candidate) => candidate.name.toLowerCase() === lower);
  if (unit) return unit.bytes;
  const meant = units.find((candidate) => /^.(?:b|i)?$/.test(lower) && candidate.name[0]?.toLowerCase() === lower[0]);
  const hint = meant ? `, did you mean ${text.slice(0, -name.length)}${meant.name}?` : "";
  throw new ContentError("invalid-argument", `${shown(text)}: units are B, KiB, MiB, GiB and TiB${hint}`);
}
