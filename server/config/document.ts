import { readFile, stat } from "node:fs/promises";
import { parse, TomlError } from "smol-toml";
import { systemReason } from "../system-reason.ts";
import type { KeyPath } from "./locate.ts";
import { lineOf } from "./locate.ts";
import { UsageError } from "./usage-error.ts";

/** Bytes of a config file, at most. */
const maxBytes = 256 * 1024;

/** Nesting of tables and arrays inside a value, at most. */
const maxDepth = 20;

/** Codes of errors that tell that there is no such file. */
const absent: readonly unknown[] = ["ENOENT", "ENOTDIR"];

/** A config file as it was read. */
export interface ConfigDocument {
  /** As it was named. */
  readonly file: string;
  /** Not looked at yet. */
  readonly content: unknown;
  /** The error that says what is wrong where. @param path where in the document; empty: all of it */
  fault(path: KeyPath, text: string): UsageError;
}

/**
 * Read a file of TOML.
 *
 * @returns absent where there is none
 * @throws UsageError for one that cannot be read or does not parse, with the line
 */
export async function readDocument(file: string): Promise<ConfigDocument | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  return {
    file,
    content: parseDocument(file, text),
    fault(path, what) {
      const line = lineOf(text, path);
      const where = path.length === 0 ? "" : ` ${pathName(path)}:`;
      return new UsageError(`${file}${line === undefined ? "" : `:${line}`}:${where} ${what}`);
    },
  };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && absent.includes(error.code)) return undefined;
    throw new UsageError(`cannot read ${file}: ${systemReason(error)}`);
  }
}

function parseDocument(file: string, text: string): unknown {
  try {
    return parse(text, { unsafeKeyBehaviour: "throw", maxDepth });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first = ""] = error.message.split("\n", 1);
    const reason = first.replace(/^Invalid TOML document: /, "");
    throw new UsageError(`${file}:${error.line}:${error.column}: ${reason}`);
  }
}

/** Such as `listen[0].address`. */
function pathName(path: KeyPath): string {
  return path.map((key, at) => (typeof key === "number" ? `[${key}]` : `${at > 0 ? "." : ""}${String(key)}`)).join("");
}

/** Stands for a file that is not there. */
export const emptyDocument: ConfigDocument = {
  file: "",
  content: {},
  fault: (path, text) => new UsageError(`config: ${pathName(path)}: ${text}`),
};
