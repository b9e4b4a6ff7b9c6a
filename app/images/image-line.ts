import type { ImageRow, RepositoryRow } from "../../content/catalog.ts";
import { partsOfName } from "../../content/catalog.ts";
import { isDigest } from "../../content/digest.ts";
import { quoteValue } from "../../content/query.ts";
import type { CatalogQuery } from "../_catalog/catalog-query.ts";
import type { Named } from "../_catalog/chosen-now.ts";
import type { Held } from "../_catalog/kind.ts";
import { compareNames, sortRows } from "../_catalog/kind.ts";
import { namedTokens } from "../_catalog/row-tokens.ts";
import { repositoryKey } from "../_live/catalog-events.ts";
import { createChoiceStore } from "../_ui/list/choice-store.ts";
import type { SortKey } from "../_ui/list/column.ts";
import type { ChoiceKind } from "../_ui/list/use-chosen.ts";
import { namedImage } from "./kind.ts";

/** The heading of a repository's lines. */
export interface RepositoryLine {
  readonly kind: "heading";
  readonly key: string;
  readonly namespace: string;
  readonly repository: string;
  /** Its names. */
  readonly count: number;
  /** Of these, those that are shown. */
  readonly shown: number;
  /** Absent: the server did not tell yet. */
  readonly together: RepositoryRow | undefined;
}

/** All names of one target in a repository: one line, since they are one image, and nothing goes with one of them. */
export interface NamesLine {
  readonly kind: "names";
  readonly key: string;
  /** Keys of its other names. */
  readonly aliases: readonly string[];
  readonly namespace: string;
  readonly repository: string;
  /** Its names; the first stands for all in what is the same of them. */
  readonly images: readonly [ImageRow, ...ImageRow[]];
  /** It stands below the heading of its repository. */
  readonly isGrouped: boolean;
  readonly newAt?: number;
  /** All of its names are gone. */
  readonly goneAt?: number;
}

/** A line of the page. */
export type ImageLine = RepositoryLine | NamesLine;

/** The repository of an image as people read it; names that are digests have none. */
export function repositoryOfImage(name: string): string {
  return isDigest(name) ? "" : partsOfName(name).repository;
}

/** What of a name is not its repository: tag, digest, or nothing. */
export function tagOf(name: string): string {
  const { tag, digest } = partsOfName(name);
  return isDigest(name) ? name : tag === "" && digest !== "" ? `@${digest}` : tag;
}

/** The images by target and repository. */
export function namesLines(rows: readonly Held<"images">[]): readonly NamesLine[] {
  const groups = new Map<string, Held<"images">[]>();
  for (const held of rows) {
    const { namespace, image } = held.row;
    const name = `${repositoryKey(namespace, repositoryOfImage(image.name))} ${image.target.digest}`;
    const group = groups.get(name);
    if (group) group.push(held);
    else groups.set(name, [held]);
  }
  return [...groups.values()].map(lineOf);
}

function lineOf(group: readonly Held<"images">[]): NamesLine {
  const alive = group.filter(({ goneAt }) => goneAt === undefined);
  const shown = (alive.length > 0 ? alive : group).toSorted((a, b) => compareNames(nameOf(a), nameOf(b)));
  const [first, ...others] = shown as [Held<"images">, ...Held<"images">[]];
  const newAt = Math.max(...shown.map((held) => held.newAt ?? 0));
  const { namespace, image } = first.row;
  return {
    kind: "names",
    key: first.key,
    aliases: others.map(({ key }) => key),
    namespace,
    repository: repositoryOfImage(image.name),
    images: [first.row, ...others.map(({ row }) => row)],
    isGrouped: false,
    ...(newAt > 0 && { newAt }),
    ...(alive.length === 0 && first.goneAt !== undefined && { goneAt: first.goneAt }),
  };
}

const nameOf = ({ row }: Held<"images">) => row.image.name;

/** When a name of it last changed. */
export function updatedAtOf({ images }: NamesLine): Date {
  return images.reduce(
    (last, { image }) => (image.updatedAt > last ? image.updatedAt : last),
    images[0].image.updatedAt,
  );
}

const ofFirst = (value: (row: ImageRow) => number) => (a: NamesLine, b: NamesLine) =>
  value(a.images[0]) - value(b.images[0]);

function compareByName(a: NamesLine, b: NamesLine): number {
  return (
    compareNames(a.repository, b.repository) ||
    compareNames(a.namespace, b.namespace) ||
    compareNames(tagOf(a.images[0].image.name), tagOf(b.images[0].image.name)) ||
    compareNames(a.key, b.key)
  );
}

const comparisons: Readonly<Record<string, (a: NamesLine, b: NamesLine) => number>> = {
  name: compareByName,
  tag: (a, b) => compareNames(tagOf(a.images[0].image.name), tagOf(b.images[0].image.name)),
  digest: (a, b) => compareNames(a.images[0].image.target.digest, b.images[0].image.target.digest),
  complete: ofFirst(({ blobsPresent, blobsNeeded }) => blobsPresent / Math.max(1, blobsNeeded)),
  size: ofFirst(({ bytes }) => bytes),
  unique: ofFirst(({ uniqueBytes }) => uniqueBytes),
  ns: (a, b) => compareNames(a.namespace, b.namespace),
  updated: (a, b) => updatedAtOf(a).getTime() - updatedAtOf(b).getTime(),
};

/**
 * The lines of the page: in order, and by name below headings of the repositories that have more than one.
 *
 * @param all lines, whatever the query
 * @param wanted keys of the images that the query asks for: with one name, its line has all of its names
 */
export function imageLines(
  all: readonly NamesLine[],
  wanted: ReadonlySet<string>,
  repositories: ReadonlyMap<string, RepositoryRow>,
  sort: readonly SortKey[],
): readonly ImageLine[] {
  const lines = all.filter(({ key, aliases }) => wanted.has(key) || aliases.some((alias) => wanted.has(alias)));
  const sorted = sortRows(lines, sort, comparisons, compareByName);
  return sort[0]?.id === "name" ? withHeadings(sorted, all, repositories) : sorted;
}

function withHeadings(
  lines: readonly NamesLine[],
  all: readonly NamesLine[],
  repositories: ReadonlyMap<string, RepositoryRow>,
): readonly ImageLine[] {
  const groups = Map.groupBy(all, keyOfRepository);
  const shown = Map.groupBy(lines, keyOfRepository);
  const headed = new Set<string>();
  return lines.flatMap((line): readonly ImageLine[] => {
    const key = keyOfRepository(line);
    const group = groups.get(key) ?? [];
    if (group.length < 2) return [line];
    const below = { ...line, isGrouped: true };
    if (headed.has(key)) return [below];
    headed.add(key);
    const { namespace, repository } = line;
    const together = repositories.get(key);
    const [count, part] = [countNames(group), countNames(shown.get(key) ?? [])];
    return [{ kind: "heading", key: `heading ${key}`, namespace, repository, count, shown: part, together }, below];
  });
}

function keyOfRepository({ namespace, repository }: NamesLine): string {
  return repositoryKey(namespace, repository);
}

function countNames(lines: readonly NamesLine[]): number {
  return lines.reduce((sum, { images, goneAt }) => sum + (goneAt === undefined ? images.length : 0), 0);
}

/** The images that are chosen, each with all of its names. */
export const chosenImages = createChoiceStore<NamesLine, CatalogQuery>();

/** What a chosen image is called: one of its names shows its line. */
export function nameOfImages({ namespace, images: [{ image }] }: NamesLine): Named {
  return { namespace, name: image.name };
}

/** Tokens of the query language that an image matches; none of a heading, and of what is gone. */
export function imageTokens(line: ImageLine): readonly string[] {
  if (line.kind !== "names" || line.goneAt !== undefined) return [];
  const like = line.repository === "" ? [] : [`name:${quoteValue(line.repository)}`];
  return namedTokens(namedImage(line.images[0]), like);
}

/** The lines of the page as a choice. */
export const imageChoice: ChoiceKind<ImageLine, NamesLine, CatalogQuery> = {
  store: chosenImages,
  keyOf: ({ key }) => key,
  itemOf: (line) => (line.kind === "names" ? line : undefined),
  isGone: (line) => line.kind !== "names" || line.goneAt !== undefined,
};
