import { repositoryOf } from "../../../content/catalog.ts";
import type { Digest } from "../../../content/digest.ts";
import type { Image } from "../../../content/image.ts";
import { documentKind } from "../../../content/references.ts";
import { nextTurn } from "../../feed/turns.ts";
import type { CatalogReads } from "../../metadata/metadata.ts";
import { rowKey } from "../row-source.ts";
import { createDocuments, documentsIn } from "./documents.ts";
import { createRepositories } from "./repositories.ts";
import type { Repository } from "./repository.ts";
import { summarize } from "./summarize.ts";
import type { Summary, Tree } from "./tree.ts";
import { rootOf } from "./tree.ts";
import { createUsage } from "./usage.ts";
import type { Walked } from "./walk.ts";
import { maxBlobs, walkImage } from "./walk.ts";

/** Blobs of all trees and repositories together, each as often as it is led to: some 200 MB. Beyond, only targets are walked. */
const maxEdges = 1_000_000;

/** Blobs whose sizes are asked for in one turn of the event loop. */
const sizesOfTurn = 250;

/** Trees that are walked at once: most of it is waiting for bytes. */
const walkers = 8;

/** Who is told of what changed. */
export interface ForestEvents {
  readonly image: (namespace: string, name: string) => void;
  readonly repository: (repository: Repository) => void;
  readonly failed: (error: unknown) => void;
}

/** What all images lead to, a tree for each target in a namespace. */
export interface Forest extends Disposable {
  /** The images of that name stand for a target from now on; it is told of once what it leads to is known. */
  plant(namespace: string, image: Image): void;
  /** They do not any more. */
  fell(namespace: string, image: Image): void;
  /** A blob came or went. @param size bytes; absent: it went */
  resize(namespace: string, digest: Digest, size: number | undefined): void;
  /** Absent: it was not walked yet. */
  summaryOf(namespace: string, image: Image): Summary | undefined;
  repositories(): Iterable<Repository>;
  repository(namespace: string, name: string): Repository | undefined;
  /** Settled once everything that was planted is walked. */
  grown(): Promise<void>;
}

/** No image yet. */
export function createForest(catalog: CatalogReads, events: ForestEvents): Forest {
  const trees = new Map<string, Tree>();
  const usage = createUsage(tellTree);
  const repositories = createRepositories(usage, maxEdges, events.repository);
  const documents = createDocuments(catalog);
  const queue = new Set<Tree>();
  let walking = 0;
  let isClosed = false;
  let whenGrown = Promise.withResolvers<void>();

  const treeKey = (namespace: string, { target }: Image): string =>
    rowKey(namespace, `${target.digest} ${documentKind(target.mediaType) ?? ""}`);

  function tellTree(tree: Tree): void {
    tree.summary = undefined;
    for (const name of tree.names) events.image(tree.namespace, name);
  }

  function enqueue(tree: Tree): void {
    queue.add(tree);
    if (walking >= walkers) return;
    walking += 1;
    void walkQueue();
  }

  async function walkQueue(): Promise<void> {
    // What is planted in one turn is all there before the first is walked.
    await nextTurn();
    for (let [tree] = queue; tree !== undefined && !isClosed; [tree] = queue) {
      queue.delete(tree);
      try {
        await regrow(tree);
      } catch (error) {
        if (!isClosed) events.failed(error);
      }
      await nextTurn();
    }
    walking -= 1;
    if (walking > 0 || (queue.size > 0 && !isClosed)) return;
    whenGrown.resolve();
    whenGrown = Promise.withResolvers<void>();
  }

  /** Walk a tree again, and put what was found in the place of what was known. */
  async function regrow(tree: Tree): Promise<void> {
    const { namespace, root } = tree;
    const room = maxEdges - usage.edges - repositories.edges + tree.entered.size;
    const most = Math.max(1, Math.min(maxBlobs, Math.floor(room / (1 + tree.repositories.size))));
    const walked = await walkImage(root, documentsIn(namespace, catalog, documents), { most });
    if (isClosed || tree.names.size === 0) return;
    replace(tree, walked);
    await lookAtSizes(tree);
    tellTree(tree);
    for (const repository of tree.repositories.keys()) events.repository(repository);
  }

  function replace(tree: Tree, walked: Walked): void {
    repositories.leave(tree);
    const entered = new Set([...walked.needed, ...walked.documents.keys()]);
    const before = tree.entered;
    usage.enter(
      tree,
      [...entered].filter((digest) => !before.has(digest)),
    );
    const gone = [...before].filter((digest) => !entered.has(digest));
    if (gone.length > 0) usage.leave(tree, gone);
    tree.walked = walked;
    tree.entered = entered;
    repositories.enter(tree);
  }

  /** From here on the feed tells of every blob of the tree; what it told before is asked for. */
  async function lookAtSizes(tree: Tree): Promise<void> {
    let looked = 0;
    for (const digest of tree.entered) {
      if (isClosed || tree.names.size === 0) return;
      resize(tree.namespace, digest, catalog.sizeOf(tree.namespace, digest));
      looked += 1;
      if (looked % sizesOfTurn === 0) await nextTurn();
    }
    for (const [digest, wasThere] of tree.walked?.documents ?? []) {
      if (wasThere !== (usage.sizeOf(tree.namespace, digest) !== undefined)) return enqueue(tree);
    }
  }

  function resize(namespace: string, digest: Digest, size: number | undefined): void {
    const resized = usage.resize(namespace, digest, size);
    if (resized === undefined) return;
    const affected = new Set<Repository>();
    for (const tree of resized.trees) {
      tellTree(tree);
      for (const repository of tree.repositories.keys()) affected.add(repository);
      const wasThere = tree.walked?.documents.get(digest);
      if (wasThere !== undefined && wasThere !== (size !== undefined)) enqueue(tree);
    }
    for (const repository of affected) {
      repository.resize(digest, resized.grown);
      events.repository(repository);
    }
  }

  return {
    plant(namespace, image) {
      const key = treeKey(namespace, image);
      const known = trees.get(key);
      const tree = known ?? emptyTree(namespace, image);
      trees.set(key, tree);
      tree.names.add(image.name);
      repositories.join(tree, repositoryOf(image.name));
      if (known === undefined) enqueue(tree);
      else if (tree.walked !== undefined) events.image(namespace, image.name);
    },
    fell(namespace, image) {
      const key = treeKey(namespace, image);
      const tree = trees.get(key);
      if (tree?.names.delete(image.name) !== true) return;
      repositories.quit(tree, repositoryOf(image.name));
      if (tree.names.size > 0) return;
      trees.delete(key);
      queue.delete(tree);
      usage.leave(tree, tree.entered);
      usage.forget(tree);
      tree.entered = new Set();
    },
    resize,
    summaryOf(namespace, image) {
      const tree = trees.get(treeKey(namespace, image));
      if (tree?.walked !== undefined) tree.summary ??= summarize(tree, tree.walked, usage);
      return tree?.summary;
    },
    repositories: () => repositories.all(),
    repository: (namespace, name) => repositories.get(namespace, name),
    grown: () => (walking > 0 ? whenGrown.promise : Promise.resolve()),
    [Symbol.dispose]() {
      isClosed = true;
      queue.clear();
    },
  };
}

function emptyTree(namespace: string, image: Image): Tree {
  return {
    namespace,
    target: image.target.digest,
    root: rootOf(image),
    walked: undefined,
    entered: new Set(),
    names: new Set(),
    repositories: new Map(),
    summary: undefined,
  };
}
