import { maxRefLength } from "../../content/identifiers.ts";
import { utf8Length } from "../../content/utf8.ts";

/** What names an ingest below. */
interface Named {
  readonly id: number;
  readonly namespace: string;
  readonly ref: string;
}

/**
 * The ref of an ingest in the store below: `NAMESPACE/ID/REF`, so that the ingest can be found again by it alone. One whose
 * ref would be too long that way is `NAMESPACE/ID`.
 */
export function toStoreRef({ id, namespace, ref }: Named): string {
  const whole = `${namespace}/${id}/${ref}`;
  return utf8Length(whole) <= maxRefLength ? whole : `${namespace}/${id}`;
}

/** What such a ref names; absent for one that tells no namespace, id and ref. */
export function fromStoreRef(storeRef: string): Named | undefined {
  const { namespace, id, ref } =
    /^(?<namespace>[^/]+)\/(?<id>[1-9]\d{0,14})\/(?<ref>.+)$/s.exec(storeRef)?.groups ?? {};
  return namespace && id && ref ? { namespace, id: Number(id), ref } : undefined;
}
