import { ContentError } from "../errors.ts";
import type { Comparison } from "./ast.ts";
import { shown } from "./fault.ts";
import type { Interval } from "./interval.ts";

/**
 * `>V`, `>=V`, `<V`, `<=V`, `V`, `A..B`, and `A..` and `..B`, which are `>=A` and `<=B`.
 *
 * @param parseValue of one number; what it throws is thrown
 * @throws `invalid-argument` for a range whose ends are the wrong way round
 */
export function parseComparison(text: string, parseValue: (text: string) => number): Comparison {
  const [, operator, operand = ""] = /^(<=|>=|<|>)(.*)$/s.exec(text) ?? [];
  if (operator === "<" || operator === "<=" || operator === ">" || operator === ">=") {
    return { operator, value: parseValue(operand) };
  }
  const dots = text.indexOf("..");
  if (dots < 0) return { operator: "=", value: parseValue(text) };
  const before = text.slice(0, dots);
  const after = text.slice(dots + 2);
  if (after === "") return { operator: ">=", value: parseValue(before) };
  if (before === "") return { operator: "<=", value: parseValue(after) };
  const from = parseValue(before);
  const to = parseValue(after);
  if (from > to) throw new ContentError("invalid-argument", `${shown(text)} goes from the greater to the smaller`);
  return { operator: "..", from, to };
}

/** A comparison as parseComparison reads it back. */
export function formatComparison(range: Comparison, formatValue: (value: number) => string): string {
  if (range.operator === "..") return `${formatValue(range.from)}..${formatValue(range.to)}`;
  return `${range.operator === "=" ? "" : range.operator}${formatValue(range.value)}`;
}

/** The whole numbers that a comparison lets through. @param unit what its values are multiplied with */
export function intervalOf(range: Comparison, unit = 1): Interval {
  if (range.operator === "..") return { min: range.from * unit, max: range.to * unit };
  const value = range.value * unit;
  switch (range.operator) {
    case "<":
      return { min: -Infinity, max: value - 1 };
    case "<=":
      return { min: -Infinity, max: value };
    case ">":
      return { min: value + 1, max: Infinity };
    case ">=":
      return { min: value, max: Infinity };
    case "=":
      return { min: value, max: value };
  }
}
