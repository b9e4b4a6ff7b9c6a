import type { Digest } from "../../../content/digest.ts";
import { rowKey } from "../row-source.ts";
import type { Repository } from "./repository.ts";
import { createRepository } from "./repository.ts";
import type { Tree } from "./tree.ts";
import type { Usage } from "./usage.ts";

/** The repositories of all namespaces, with the trees that their images stand for. */
export interface Repositories {
  /** Blobs of all of them, each as often as a tree brings it in. */
  readonly edges: number;
  /** An image of a tree is in a repository from now on. @param name of the repository */
  join(tree: Tree, name: string): void;
  /** It is not any more. */
  quit(tree: Tree, name: string): void;
  /** What a tree needs is known: its repositories count it. */
  enter(tree: Tree): void;
  /** It is not any more. */
  leave(tree: Tree): void;
  all(): Iterable<Repository>;
  get(namespace: string, name: string): Repository | undefined;
}

/** @param mostEdges of usage and of these together @param changed told of a repository that counts otherwise, or is gone */
export function createRepositories(
  usage: Usage,
  mostEdges: number,
  changed: (repository: Repository) => void,
): Repositories {
  const repositories = new Map<string, Repository>();
  let edges = 0;

  const sizesIn =
    (namespace: string) =>
    (digest: Digest): number =>
      usage.sizeOf(namespace, digest) ?? 0;

  function enter(tree: Tree, repository: Repository): void {
    const place = tree.repositories.get(repository);
    if (place === undefined) return;
    const needed = tree.walked?.needed ?? [];
    // Where there is no room for all of them, the target stands for them.
    const fits = usage.edges + edges + needed.length <= mostEdges;
    place.needed = fits ? needed : needed.slice(0, 1);
    edges += place.needed.length;
    repository.add(place.needed, sizesIn(tree.namespace));
  }

  function leave(tree: Tree, repository: Repository): void {
    const place = tree.repositories.get(repository);
    if (place === undefined) return;
    edges -= place.needed.length;
    repository.remove(place.needed, sizesIn(tree.namespace));
    place.needed = [];
  }

  return {
    get edges() {
      return edges;
    },
    join(tree, name) {
      const key = rowKey(tree.namespace, name);
      const repository = repositories.get(key) ?? createRepository(tree.namespace, name);
      repositories.set(key, repository);
      repository.images += 1;
      const place = tree.repositories.get(repository);
      if (place !== undefined) place.images += 1;
      else tree.repositories.set(repository, { images: 1, needed: [] });
      if (place === undefined) enter(tree, repository);
      if (tree.walked !== undefined) changed(repository);
    },
    quit(tree, name) {
      const key = rowKey(tree.namespace, name);
      const repository = repositories.get(key);
      const place = repository && tree.repositories.get(repository);
      if (repository === undefined || place === undefined) return;
      repository.images -= 1;
      place.images -= 1;
      if (place.images === 0) {
        leave(tree, repository);
        tree.repositories.delete(repository);
      }
      if (repository.images === 0) repositories.delete(key);
      changed(repository);
    },
    enter(tree) {
      for (const repository of tree.repositories.keys()) enter(tree, repository);
    },
    leave(tree) {
      for (const repository of tree.repositories.keys()) leave(tree, repository);
    },
    all: () => repositories.values(),
    get: (namespace, name) => repositories.get(rowKey(namespace, name)),
  };
}
