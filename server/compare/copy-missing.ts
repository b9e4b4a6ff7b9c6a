import { randomBytes } from "node:crypto";
import type { Caller } from "../../content/caller.ts";
import type { CopyMissingRequest } from "../../content/compare/report.ts";
import { ContentError, isKind } from "../../content/errors.ts";
import { validateNamespace } from "../../content/identifiers.ts";
import type { Store } from "../../content/store.ts";
import { now } from "../clock.ts";
import type { Access } from "../policy/access.ts";
import { requireNamespace } from "../policy/permissions.ts";
import { copyBlobs } from "./copy-blobs.ts";
import type { CopyState } from "./copy-state.ts";
import { createCopyState } from "./copy-state.ts";
import type { NamedImage } from "./names.ts";
import { imagesOf } from "./names.ts";
import type { KeptReport } from "./reports.ts";
import type { Side } from "./side.ts";
import { namingErrors, storesOf } from "./side.ts";
import { catalogOf, ifImplemented } from "./side-catalog.ts";

/** What is copied is held so long, in milliseconds, in which people can name it; as containerd's leases are. */
const leaseMs = 24 * 60 * 60_000;

/** Who copies what. */
export interface MissingCopy extends Pick<CopyMissingRequest, "to" | "withImages"> {
  readonly report: KeptReport;
  /** Each once. */
  readonly digests?: CopyMissingRequest["digests"];
  /** What is written to. */
  readonly namespace: string;
  readonly caller: Caller;
  readonly failed: (error: unknown) => void;
}

/** The side that is copied to, and the one that it comes from. */
export function directionOf({ report: { sides }, to }: Pick<MissingCopy, "report" | "to">) {
  return to === "b"
    ? ({ from: sides.a, target: sides.b, part: "only-a" } as const)
    : ({ from: sides.b, target: sides.a, part: "only-b" } as const);
}

/**
 * The namespace that a copy writes to.
 *
 * @param asked empty: the only one of the side
 * @throws `invalid-argument` where that is none; `permission-denied` where the caller may not see it, or nobody may change the store
 */
export function targetNamespace({ store, namespaces }: Side, asked: string, access: Access): string {
  if (!store.allowsChanges) {
    const text = `store ${store.name} is opened read-only; --allow-changes or allow_changes in the config lets it be changed`;
    throw new ContentError("permission-denied", text);
  }
  const namespace = asked || (namespaces.length === 1 ? namespaces[0] : undefined);
  if (namespace === undefined) {
    throw new ContentError("invalid-argument", `say which namespace of ${store.name} is copied to`);
  }
  validateNamespace(namespace);
  requireNamespace(access, namespace);
  return namespace;
}

/** Where a copy stands that has not begun. */
export async function stateOfCopy(task: MissingCopy): Promise<CopyState> {
  const { report, digests = [] } = task;
  const { part } = directionOf(task);
  if (digests.length === 0) return createCopyState(report.facts.totals[part]);
  const found = await report.file.ask("find", { part, digests });
  return createCopyState({ blobs: found.length, bytes: found.reduce((sum, { size }) => sum + size, 0) });
}

/** Copy what a side lacks. @throws as CopyMissing in proto/stowage/v1/compare.proto says */
export async function copyAll(task: MissingCopy, state: CopyState, signal: AbortSignal): Promise<void> {
  const { report, namespace, caller, digests = [], failed, withImages = false } = task;
  const { from, target, part } = directionOf(task);
  state.lease = await holdLease(target, namespace, withImages, signal);
  const lease = state.lease && { lease: state.lease.id };
  const store = target.store.in({ namespace, caller, ...lease });
  const to = { store, label: `${target.store.name}/${namespace}` };
  const source = { stores: storesOf(from), label: from.label };
  await copyBlobs({ report, part, from: source, to, state, failed, signal, ...(digests.length > 0 && { digests }) });
  if (withImages && state.givenUp === "") await nameImages(task, store, state, signal);
}

/**
 * A lease for what is copied, where the namespace is collected. A first lease or image makes a namespace be collected from then
 * on, which would take what nobody holds in it: so none is made in another one.
 *
 * @throws `failed-precondition` where images are wanted there
 */
async function holdLease(
  { store, label }: Side,
  namespace: string,
  withImages: boolean,
  signal: AbortSignal,
): Promise<CopyState["lease"]> {
  const catalog = catalogOf(store);
  const row = await ifImplemented(namingErrors(label, () => catalog.namespace(namespace, signal)));
  const isCollected = row?.collected === true;
  if (withImages && !isCollected && !(await isEmpty(store.in({ namespace }), signal))) {
    const text = `nothing is collected in ${store.name}/${namespace}, and a first image would begin that for all that is in it`;
    throw new ContentError("failed-precondition", `${text}; copy without the names of images`);
  }
  if (!isCollected && !withImages) return undefined;
  const id = `stowage-copy-${randomBytes(8).toString("hex")}`;
  const expiresAt = new Date(now().getTime() + leaseMs);
  const labels = { "containerd.io/gc.expire": expiresAt.toISOString() };
  const made = namingErrors(label, () => catalog.createLease(namespace, id, labels, signal));
  return await ifImplemented(made.then(() => ({ id, expiresAt })));
}

/** What a catalog counts may be a moment old, and here that would cost what came in it. */
async function isEmpty(store: Pick<Store, "walk">, signal: AbortSignal): Promise<boolean> {
  for await (const _info of store.walk([], signal)) return false;
  return true;
}

/** Makes the names that the target lacks, of what is there now. */
async function nameImages(
  task: MissingCopy,
  store: Pick<Store, "info">,
  state: CopyState,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, digests = [] } = task;
  const { from, target } = directionOf(task);
  const [offered, taken] = await Promise.all([
    imagesOf(from, signal),
    imagesOf({ ...target, namespaces: [namespace] }, signal),
  ]);
  const catalog = catalogOf(target.store);
  for (const [name, { image }] of offered ?? new Map<string, NamedImage>()) {
    if (taken?.has(name) || (digests.length > 0 && !digests.includes(image.target.digest))) continue;
    try {
      await store.info(image.target.digest, signal);
      const { labels, target: named } = image;
      await catalog.createImage(namespace, { name, labels, target: named }, signal);
      state.images.made += 1;
    } catch (error) {
      if (isKind(error, "cancelled") || signal.aborted) throw error;
      if (isKind(error, "already-exists")) continue;
      if (!isKind(error, "not-found")) task.failed(error);
      state.images.failed += 1;
    }
  }
}
