import type { Labels } from "../../content/store.ts";

const none: Labels = Object.freeze({});

/** Labels as they are kept in a column. */
export function labelsToColumn(labels: Labels): string {
  return JSON.stringify(labels);
}

/** Labels from such a column. */
export function labelsFromColumn(text: string): Labels {
  return text === "{}" ? none : (JSON.parse(text) as Labels);
}
