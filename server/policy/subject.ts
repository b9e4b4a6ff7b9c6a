/** What a call is about, for its log line: the names in a request, never its data or labels. */
export interface Subject {
  readonly ref?: string;
  readonly digest?: string;
  readonly name?: string;
  /** Of a lease. */
  readonly id?: string;
}

/** Characters of a name that a log line shows. */
const maxShown = 256;

/** Characters of a name that records keep: refs have no more. */
export const maxKept = 1024;

/**
 * The subject of a request: its ref and digest, or those of the message inside it.
 *
 * @param most characters of a name; absent: what a log line shows
 */
export function subjectOf(message: object, most: number = maxShown): Subject {
  const { ref, digest, name, id, info, request, namespace, image } = message as Readonly<Record<string, unknown>>;
  const inner = [info, request, namespace, image].find((part) => typeof part === "object" && part !== null);
  return {
    ...(inner !== undefined && inner !== null && subjectOf(inner, most)),
    ...shown({ ref, digest, name, id }, most),
  };
}

function shown(names: Readonly<Record<keyof Subject, unknown>>, most: number): Subject {
  const known = Object.entries(names).filter(([, value]) => typeof value === "string" && value !== "");
  return Object.fromEntries(known.map(([key, value]) => [key, String(value).slice(0, most)]));
}
