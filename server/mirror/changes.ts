import { ContentError } from "../../content/errors.ts";
import { goQuote } from "../../content/quote.ts";
import type { ImageStore, LeaseStore, NamespaceStore } from "../metadata/catalog-stores.ts";
import { findImage } from "../metadata/image-rows.ts";
import { createImageStore } from "../metadata/images.ts";
import { createLeaseStore } from "../metadata/leases.ts";
import { createNamespaceStore, findLabels } from "../metadata/namespaces.ts";
import { lookAtImages, lookAtLeases, lookAtNamespaces } from "./catalog-look.ts";
import type { MirrorParts } from "./store.ts";

type Parts = Pick<MirrorParts, "core" | "looking" | "passing">;

/** Namespaces of a mirror: read from the rows, changed at the source. */
export function createMirrorNamespaces({ core, looking, passing }: Parts): NamespaceStore {
  const { database, transactions } = core.rows;
  const rows = createNamespaceStore({
    connection: database.main,
    transactions,
    dropIdleIngests: async () => undefined,
  });
  const changes = () => core.source.namespaceChanges ?? unchangeable(core.name, "namespaces");
  const again: Parameters<typeof passing.change<void>>[1] = async (ask) => {
    await lookAtNamespaces(core, { ask, pause: async () => undefined });
  };
  return {
    async labels(name) {
      await looking.ready();
      return await rows.labels(name);
    },
    async list() {
      await looking.ready();
      return await rows.list();
    },
    async create(name, labels) {
      await passing.change((ask) => ask.one((signal) => changes().create(name, labels, signal)), again);
    },
    async update(name, labels, fieldpaths = []) {
      await passing.change((ask) => ask.one((signal) => changes().update(name, labels, fieldpaths, signal)), again);
      return findLabels(database.main, name) ?? {};
    },
    async delete(name) {
      await passing.change((ask) => ask.one((signal) => changes().delete(name, signal)), again);
    },
  };
}

/** Images of a mirror, likewise. The time of a change is the source's. */
export function createMirrorImages({ core, looking, passing }: Parts): ImageStore {
  const { database, transactions } = core.rows;
  const rows = createImageStore({ connection: database.main, transactions });
  const changes = () => core.source.images?.changes ?? unchangeable(core.name, "images");
  return {
    async get(namespace, name) {
      await looking.ready();
      return await rows.get(namespace, name);
    },
    async list(namespace, filters, signal) {
      await looking.ready(signal);
      return await rows.list(namespace, filters, signal);
    },
    create: (scope, draft) =>
      passing.change(
        (ask) => ask.one((signal) => changes().create(scope, draft, signal)),
        (ask) => lookAtImages(core, scope.namespace, ask),
      ),
    update: (scope, draft, fieldpaths = []) =>
      passing.change(
        (ask) => ask.one((signal) => changes().update(scope, draft, fieldpaths, signal)),
        (ask) => lookAtImages(core, scope.namespace, ask),
      ),
    async delete(scope, name, target = "") {
      await passing.change(
        async (ask) => {
          if (target !== "") {
            await lookAtImages(core, scope.namespace, ask);
            const { digest } = findImage(database.main, scope.namespace, name)?.target ?? {};
            if (digest !== undefined && digest !== target) {
              throw new ContentError("not-found", `image ${goQuote(name)} has target ${digest}, not ${target}`);
            }
          }
          await ask.one((signal) => changes().delete(scope, name, signal));
        },
        (ask) => lookAtImages(core, scope.namespace, ask),
      );
    },
  };
}

/** Leases of a mirror, likewise. A containerd has no way to change when one expires. */
export function createMirrorLeases({ core, looking, passing }: Parts): LeaseStore {
  const { database, transactions } = core.rows;
  const rows = createLeaseStore({ connection: database.main, transactions });
  const changes = () => core.source.leases?.changes ?? unchangeable(core.name, "leases");
  return {
    create: (namespace, id, labels) =>
      passing.change(
        (ask) => ask.one((signal) => changes().create(namespace, id, labels, signal)),
        (ask) => lookAtLeases(core, namespace, ask, id),
      ),
    async extend() {
      passing.refuseChanges();
      throw new ContentError("not-implemented", `when leases of store ${core.name} expire cannot be changed`);
    },
    delete: (namespace, id) =>
      passing.change(
        (ask) => ask.one((signal) => changes().delete(namespace, id, signal)),
        (ask) => lookAtLeases(core, namespace, ask, id),
      ),
    async list(namespace, filters, signal) {
      await looking.ready(signal);
      return await rows.list(namespace, filters, signal);
    },
    addResource: (namespace, id, resource) =>
      passing.change(
        (ask) => ask.one((signal) => changes().addResource(namespace, id, resource, signal)),
        (ask) => lookAtLeases(core, namespace, ask, id),
      ),
    deleteResource: (namespace, id, resource) =>
      passing.change(
        (ask) => ask.one((signal) => changes().deleteResource(namespace, id, resource, signal)),
        (ask) => lookAtLeases(core, namespace, ask, id),
      ),
    async resources(namespace, id) {
      await looking.ready();
      return await rows.resources(namespace, id);
    },
  };
}

function unchangeable(name: string, what: string): never {
  throw new ContentError("not-implemented", `${what} of store ${name} cannot be changed`);
}
