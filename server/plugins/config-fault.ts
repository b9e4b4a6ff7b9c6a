import { z } from "zod";

/** What is wrong with a piece of config. */
export interface ConfigFault {
  /** Where, from the piece on: keys, and numbers of array elements. */
  readonly path: readonly PropertyKey[];
  /** What, and what would be right, in one line. */
  readonly text: string;
}

/** What a schema says against a value first; absent where it says nothing. */
export function configFault(schema: z.ZodType, value: unknown): ConfigFault | undefined {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return undefined;
  if (issue.code !== "unrecognized_keys") return { path: issue.path, text: plainWords(issue.message) };
  const [unknown = ""] = issue.keys;
  const allowed = keysAt(schema, issue.path);
  const advice = allowed.length === 0 ? "no keys are allowed here" : `allowed are ${allowed.join(", ")}`;
  return { path: [...issue.path, unknown], text: `unknown key ${JSON.stringify(unknown)}; ${advice}` };
}

function plainWords(message: string): string {
  return message
    .replace(/^(?:Invalid|Too) \w+: /, "")
    .replace(/^(?<wanted>.*), received undefined$/, "is missing; $<wanted>")
    .replace(/\bint, received \w+$/, "a whole number")
    .replace(/, received (\w+)$/, ", not $1")
    .replaceAll(/\b(?:object|record)\b/g, "table");
}

/** The part of a JSON Schema that tells which keys a value may have. */
interface KeySchema {
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly additionalProperties?: KeySchema | boolean;
  readonly items?: KeySchema;
}

/** The keys that a schema knows at a path, by name. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as KeySchema | undefined;
  for (const key of path) {
    const others = typeof at?.additionalProperties === "object" ? at.additionalProperties : undefined;
    at = typeof key === "number" ? at?.items : (at?.properties?.[String(key)] ?? others);
  }
  return Object.keys(at?.properties ?? {}).sort();
}
