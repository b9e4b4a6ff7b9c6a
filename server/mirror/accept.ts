import { ContentError } from "../../content/errors.ts";
import { validateKey, validateNamespace, validateRef } from "../../content/identifiers.ts";
import type { Image } from "../../content/image.ts";
import { labelLimits, validateLabel } from "../../content/labels.ts";
import type { Lease, LeaseResource } from "../../content/lease.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import type { Info, Labels, Status } from "../../content/store.ts";
import type { LeftOut } from "./left-out.ts";
import type { SourceNamespace } from "./source.ts";

/**
 * What a source tells, as far as it can be shown: each answers it with its labels in order, so that the same is always written the
 * same, or nothing where it is left out.
 */
export interface Accept {
  /** Some thousand at most: each costs questions at every look. */
  namespaces(told: readonly SourceNamespace[]): readonly SourceNamespace[];
  blob(namespace: string, told: Info): Info | undefined;
  ingest(namespace: string, told: Status): Status | undefined;
  image(namespace: string, told: Image): Image | undefined;
  lease(namespace: string, told: Lease): Lease | undefined;
  resource(namespace: string, told: LeaseResource): LeaseResource | undefined;
}

const none: Labels = Object.freeze({});

/** Namespaces of one source that are shown. */
const mostNamespaces = 10_000;

/** Labels of one thing that are looked at: to sort a million of them takes a second, in which nothing else is answered. */
const mostLooked = 10 * labelLimits.count;

/** @param leftOut told of what is left out */
export function createAccept(leftOut: LeftOut): Accept {
  /** @param make throws where it cannot be shown */
  function accept<T>(what: string, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      leftOut(what, error);
      return undefined;
    }
  }

  function labelsOf(what: string, labels: Labels): Labels {
    const keys = Object.keys(labels).slice(0, mostLooked);
    if (keys.length === 0) return none;
    const kept = keys.filter((key) => isLabel(what, key, labels[key] ?? "")).sort();
    if (kept.length > labelLimits.count) leftOut(`${what}, labels`, `more than ${labelLimits.count} labels`);
    return Object.fromEntries(kept.slice(0, labelLimits.count).map((key) => [key, labels[key] ?? ""]));
  }

  function isLabel(what: string, key: string, value: string): boolean {
    try {
      validateLabel(key, value);
      return value !== "";
    } catch (error) {
      leftOut(`${what}, label ${key.slice(0, 100)}`, error);
      return false;
    }
  }

  const namespace = ({ name, labels }: SourceNamespace): SourceNamespace | undefined =>
    accept(`namespace ${name}`, () => {
      validateNamespace(name);
      return { name, labels: labelsOf(`namespace ${name}`, labels) };
    });

  return {
    namespaces(told) {
      if (told.length > mostNamespaces) leftOut("namespaces", `more than ${mostNamespaces} of them`);
      return told.slice(0, mostNamespaces).flatMap((one) => namespace(one) ?? []);
    },
    blob: (namespace, told) =>
      accept(`blob ${namespace} ${told.digest}`, () => {
        const { digest, size, createdAt, updatedAt, labels } = told;
        parseDigest(digest);
        checkSize("size", size);
        checkTime(createdAt);
        checkTime(updatedAt);
        return { digest, size, createdAt, updatedAt, labels: labelsOf(`blob ${namespace} ${digest}`, labels) };
      }),
    ingest: (namespace, told) =>
      accept(`ingest ${namespace} ${told.ref}`, () => {
        validateRef(told.ref);
        checkSize("offset", told.offset);
        checkSize("total", told.total);
        checkTime(told.startedAt);
        checkTime(told.updatedAt);
        if (told.expected !== undefined) parseDigest(told.expected);
        return told;
      }),
    image: (namespace, told) => {
      const what = `image ${namespace} ${told.name}`;
      return accept(what, () => {
        const { name, labels, target, createdAt, updatedAt } = told;
        validateKey(name, "image name");
        parseDigest(target.digest);
        checkSize("size", target.size);
        checkTime(createdAt);
        checkTime(updatedAt);
        const annotations = labelsOf(`${what}, annotations`, target.annotations);
        return { name, labels: labelsOf(what, labels), target: { ...target, annotations }, createdAt, updatedAt };
      });
    },
    lease: (namespace, { id, createdAt, labels }) =>
      accept(`lease ${namespace} ${id}`, () => {
        validateKey(id, "lease id");
        checkTime(createdAt);
        return { id, createdAt, labels: labelsOf(`lease ${namespace} ${id}`, labels) };
      }),
    resource: (namespace, { type, id }) =>
      accept(`resource ${namespace} ${type} ${id}`, () => {
        validateKey(type, "resource type");
        validateKey(id, "resource id");
        return { type, id };
      }),
  };
}

/** @throws `invalid-argument` */
function checkSize(field: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new ContentError("invalid-argument", `${field} ${size} out of range`);
}

/** @throws `invalid-argument` */
function checkTime(time: Date): void {
  if (Number.isNaN(time.getTime())) throw new ContentError("invalid-argument", "a time out of range");
}
