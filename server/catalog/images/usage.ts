import type { Digest } from "../../../content/digest.ts";
import { rowKey } from "../row-source.ts";
import type { Tree } from "./tree.ts";

/** Who needs which blobs: of a blob the trees that lead to it, of a tree what is its alone. */
export interface Usage {
  /** Blobs of all trees, each as often as a tree leads to it. */
  readonly edges: number;
  /** A tree leads to these. */
  enter(tree: Tree, digests: Iterable<Digest>): void;
  /** It does not any more. @param digests as they were entered */
  leave(tree: Tree, digests: Iterable<Digest>): void;
  /** The tree is no more, after it left all its blobs. */
  forget(tree: Tree): void;
  /** Bytes of a blob; absent: it is not there, or nothing leads to it. */
  sizeOf(namespace: string, digest: Digest): number | undefined;
  /**
   * A blob came or went.
   *
   * @param size absent: it is not there
   * @returns the trees that lead to it, and what it grew by, in bytes; absent: nothing changed for anybody
   */
  resize(
    namespace: string,
    digest: Digest,
    size: number | undefined,
  ): { readonly trees: ReadonlySet<Tree>; readonly grown: number } | undefined;
  /** True where every tree that leads to the blob, in any namespace, has the same target. */
  isOfOneTarget(digest: Digest): boolean;
}

interface Used {
  size: number | undefined;
  readonly trees: Set<Tree>;
}

/** @param changed told of a tree whose blobs became its alone, or not any more */
export function createUsage(changed: (tree: Tree) => void): Usage {
  /** By namespace and digest. */
  const used = new Map<string, Used>();
  /** Of a digest, how many trees of each target lead to it. */
  const targets = new Map<Digest, Map<Digest, number>>();
  const treesOfTarget = new Map<Digest, Set<Tree>>();
  let edges = 0;

  /** Where one target is left, what it leads to may be its alone. */
  function tellOnly(counts: ReadonlyMap<Digest, number> | undefined): void {
    if (counts?.size !== 1) return;
    for (const target of counts.keys()) for (const tree of treesOfTarget.get(target) ?? []) changed(tree);
  }

  function enterTarget(digest: Digest, target: Digest): void {
    const counts = targets.get(digest) ?? new Map<Digest, number>();
    targets.set(digest, counts);
    if (!counts.has(target)) tellOnly(counts);
    counts.set(target, (counts.get(target) ?? 0) + 1);
  }

  function leaveTarget(digest: Digest, target: Digest): void {
    const counts = targets.get(digest);
    const after = (counts?.get(target) ?? 1) - 1;
    if (after > 0) return void counts?.set(target, after);
    counts?.delete(target);
    if (counts?.size === 0) targets.delete(digest);
    tellOnly(counts);
  }

  return {
    get edges() {
      return edges;
    },
    enter(tree, digests) {
      const trees = treesOfTarget.get(tree.target) ?? new Set();
      treesOfTarget.set(tree.target, trees.add(tree));
      for (const digest of digests) {
        const key = rowKey(tree.namespace, digest);
        const blob = used.get(key) ?? { size: undefined, trees: new Set() };
        used.set(key, blob);
        blob.trees.add(tree);
        edges += 1;
        enterTarget(digest, tree.target);
      }
    },
    leave(tree, digests) {
      for (const digest of digests) {
        const key = rowKey(tree.namespace, digest);
        const blob = used.get(key);
        if (blob?.trees.delete(tree) !== true) continue;
        if (blob.trees.size === 0) used.delete(key);
        edges -= 1;
        leaveTarget(digest, tree.target);
      }
    },
    forget(tree) {
      const trees = treesOfTarget.get(tree.target);
      trees?.delete(tree);
      if (trees?.size === 0) treesOfTarget.delete(tree.target);
    },
    sizeOf: (namespace, digest) => used.get(rowKey(namespace, digest))?.size,
    resize(namespace, digest, size) {
      const blob = used.get(rowKey(namespace, digest));
      if (blob === undefined || blob.size === size) return undefined;
      const grown = (size ?? 0) - (blob.size ?? 0);
      blob.size = size;
      return { trees: blob.trees, grown };
    },
    isOfOneTarget: (digest) => targets.get(digest)?.size === 1,
  };
}
