import { parse } from "smol-toml";

/** Where in a document something stands: keys, and numbers of array elements. */
export type KeyPath = readonly PropertyKey[];

/** A line that names something: a header, or a key with its value. */
interface NamedLine {
  /** From 1. */
  readonly line: number;
  readonly path: KeyPath;
}

/**
 * The line of a TOML document on which a value is set, from 1; absent where none is found. Of a table that no line
 * names by itself it is the first line of what is in it. What stands inside a value (an inline
 * table, an array) is on the line on which that value begins.
 *
 * @param text a document that parses
 */
export function lineOf(text: string, path: KeyPath): number | undefined {
  const lines = [...namedLines(text)];
  const exact = lines.find((named) => named.path.length === path.length && begins(path, named.path));
  const inside = lines.find((named) => begins(named.path, path));
  const around = lines.filter((named) => begins(path, named.path)).sort((a, b) => b.path.length - a.path.length);
  return (exact ?? inside ?? around[0])?.line;
}

/** True where a path is the other one, or goes on from it. */
function begins(path: KeyPath, beginning: KeyPath): boolean {
  return beginning.every((key, at) => String(key) === String(path[at]));
}

/** Every line that begins with a header or a key, with the whole path that it names. */
function* namedLines(text: string): Generator<NamedLine> {
  const elements = new Map<string, number>();
  let table: KeyPath = [];
  let statement = "";
  let begun = 0;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    // A value may go on over lines, and only then does the statement not parse by itself.
    if (statement === "") begun = at + 1;
    statement += `${line}\n`;
    if (!parses(statement)) continue;
    const { brackets = "", keys = [] } = nameIn(statement);
    statement = "";
    if (keys.length === 0) continue;
    if (brackets === "") yield { line: begun, path: [...table, ...keys] };
    else {
      table = brackets === "[[" ? nextElement(elements, keys) : withElements(elements, keys);
      yield { line: begun, path: table };
    }
  }
}

function parses(statement: string): boolean {
  try {
    parse(statement);
    return true;
  } catch {
    return false;
  }
}

const key = /"(?:\\.|[^"\\])*"|'[^']*'|[\w-]+/;
const statementName = new RegExp(
  `^\\s*(?<brackets>\\[{0,2})\\s*(?<name>(?:${key.source})(?:\\s*\\.\\s*(?:${key.source}))*)`,
);

/** What a header or a key with its value names; nothing for a comment. */
function nameIn(statement: string): { readonly brackets?: string; readonly keys?: readonly string[] } {
  const { brackets, name } = statementName.exec(statement)?.groups ?? {};
  return name === undefined ? {} : { brackets: brackets ?? "", keys: keysOf(parse(`${name} = 0`)) };
}

/** The keys of a document that sets one thing. */
function keysOf(document: object): readonly string[] {
  return Object.entries(document).flatMap(([name, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? [name, ...keysOf(value)] : [name],
  );
}

/** One more element of an array of tables. */
function nextElement(elements: Map<string, number>, keys: readonly string[]): KeyPath {
  const name = JSON.stringify(keys);
  const index = (elements.get(name) ?? -1) + 1;
  elements.set(name, index);
  return [...withElements(elements, keys.slice(0, -1)), ...keys.slice(-1), index];
}

/** A table inside an element of an array names that array by its last element. */
function withElements(elements: Map<string, number>, keys: readonly string[]): KeyPath {
  return keys.flatMap((key, at) => {
    const index = elements.get(JSON.stringify(keys.slice(0, at + 1)));
    return index === undefined ? [key] : [key, index];
  });
}
