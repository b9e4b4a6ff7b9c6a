import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { ContentError } from "../../content/errors.ts";
import { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../gen/containerd/services/events/v1/events_pb.js";
import { Images } from "../../gen/containerd/services/images/v1/images_pb.js";
import { Introspection } from "../../gen/containerd/services/introspection/v1/introspection_pb.js";
import { Leases } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import { Namespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { Version } from "../../gen/containerd/services/version/v1/version_pb.js";
import { AccessService } from "../../gen/stowage/v1/access_pb.js";
import { AuditService } from "../../gen/stowage/v1/audit_pb.js";
import { CatalogService } from "../../gen/stowage/v1/catalog_pb.js";
import { CompareService } from "../../gen/stowage/v1/compare_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { ServerService } from "../../gen/stowage/v1/server_pb.js";
import type { Access, Role } from "./access.ts";
import { covers, roles } from "./access.ts";

/** What a method asks of whoever calls it. */
export interface Permission {
  /** The least role that may; `open`: everybody may, also who did not say who they are. */
  readonly needs: Role | "open";
  /** What it does, in words that go on from "may not". */
  readonly act: string;
  /** True: it is about a store, and in a namespace where the call names one; false: about the server. */
  readonly ofStore: boolean;
}

/** The permissions of a service's methods: every method has one, or this does not compile. */
type Table<Service extends DescService> = Readonly<Record<keyof Service["method"], Permission>>;

const open: Permission = { needs: "open", act: "", ofStore: false };
const read: Permission = { needs: "reader", act: "read", ofStore: true };
const readServer: Permission = { ...read, ofStore: false };
const change = (act: string): Permission => ({ needs: "operator", act, ofStore: true });
const manageTokens: Permission = { needs: "admin", act: "manage tokens", ofStore: false };

/** Who changed what, in this server. */
export const readAudit: Permission = { needs: "auditor", act: "read the audit", ofStore: false };

/** Numbers over every store and namespace; see server/listen/metrics.ts. */
export const readMetrics: Permission = { needs: "reader", act: "read the metrics", ofStore: false };

/** What is downloaded and exported. */
export const download: Permission = read;

const content: Table<typeof Content> = {
  info: read,
  update: change("label content"),
  list: read,
  delete: change("delete content"),
  read,
  status: read,
  listStatuses: read,
  write: change("write content"),
  abort: change("abort ingests"),
};

const contentService: Table<typeof ContentService> = {
  status: read,
  list: read,
  listPage: read,
  write: change("write content"),
};

const images: Table<typeof Images> = {
  get: read,
  list: read,
  create: change("create images"),
  update: change("change images"),
  delete: change("delete images"),
};

const leases: Table<typeof Leases> = {
  create: change("create leases"),
  delete: change("delete leases"),
  list: read,
  addResource: change("change leases"),
  deleteResource: change("change leases"),
  listResources: read,
};

/** Whatever is written makes its namespace, and only an empty one can be deleted, so that an operator's role is enough. */
const namespaces: Table<typeof Namespaces> = {
  get: read,
  list: read,
  create: change("create namespaces"),
  update: change("label namespaces"),
  delete: change("delete namespaces"),
};

const events: Table<typeof Events> = {
  publish: change("publish events"),
  forward: change("publish events"),
  subscribe: read,
};

const catalog: Table<typeof CatalogService> = {
  listImages: read,
  listLeases: read,
  listNamespaces: read,
  getTrouble: read,
  getMissing: read,
  fetchMissing: change("fetch what is missing"),
  getHold: read,
  extendLease: change("change leases"),
};

const server: Table<typeof ServerService> = { getServer: readServer, listStores: readServer };
const version: Table<typeof Version> = { version: readServer };
const introspection: Table<typeof Introspection> = { plugins: readServer, server: readServer };

/** Both sides are in the request, which the service holds against what its caller may see. */
const compare: Table<typeof CompareService> = {
  compare: readServer,
  listDifferences: readServer,
  listOtherDigests: readServer,
  copyMissing: { ...change("copy content"), ofStore: false },
  followCopy: readServer,
  endCopy: { ...change("copy content"), ofStore: false },
};

const audit: Table<typeof AuditService> = { listEvents: readAudit, listEventsPage: readAudit };

const access: Table<typeof AccessService> = {
  signIn: open,
  signOut: open,
  getSession: open,
  listTokens: manageTokens,
  createToken: manageTokens,
  revokeToken: manageTokens,
};

/** Adds a service, and finds that its table is the right one. */
const of = <Service extends DescService>(service: Service, table: Table<Service>): [string, Table<DescService>] => [
  service.typeName,
  table,
];

const tables = new Map<string, Table<DescService>>([
  of(Content, content),
  of(ContentService, contentService),
  of(Images, images),
  of(Leases, leases),
  of(Namespaces, namespaces),
  of(Events, events),
  of(CatalogService, catalog),
  of(AuditService, audit),
  of(CompareService, compare),
  of(ServerService, server),
  of(Version, version),
  of(Introspection, introspection),
  of(AccessService, access),
]);

/** What a method of a module of the user's own asks: nothing is known of it. */
const unknown: Permission = { needs: "admin", act: "call this", ofStore: true };

/** What a method asks; one that is in no table, since it is of a module of the user's own, is for admins. */
export function permissionOf({ parent, localName }: DescMethod): Permission {
  return tables.get(parent.typeName)?.[localName] ?? unknown;
}

/** What each role may do, in words that go on from "may". */
const abilities: Readonly<Record<Role, string>> = {
  reader: "read",
  auditor: "read, the audit too,",
  operator: "read and change content",
  admin: "do everything",
};

/** @throws `permission-denied` that says who may */
export function requireRole({ role }: Access, { needs, act }: Permission): void {
  if (needs === "open" || roles.indexOf(role) >= roles.indexOf(needs)) return;
  const able = roles
    .slice(roles.indexOf(needs))
    .join(", ")
    .replace(/, (?=\w+$)/, " or ");
  const text = `${role} may ${abilities[role]} but not ${act}; ${able} may`;
  throw new ContentError("permission-denied", text);
}

/** @throws `permission-denied` for a store that the caller may not see */
export function requireStore({ stores }: Access, store: string): void {
  if (covers(stores, store)) return;
  throw new ContentError("permission-denied", `store ${JSON.stringify(store)} is not among those that you may see`);
}

/** @throws `permission-denied` for a namespace that the caller may not see */
export function requireNamespace({ namespaces: scope }: Access, namespace: string): void {
  if (covers(scope, namespace)) return;
  const text = `namespace ${JSON.stringify(namespace)} is not among those that you may see`;
  throw new ContentError("permission-denied", text);
}

/** True for a caller who may see every store and namespace. */
export function seesWhole({ stores, namespaces: scope }: Access): boolean {
  return stores === "*" && scope === "*";
}

/** @throws `permission-denied` where the caller may not see every store and namespace. @param act as in Permission */
export function requireWhole(access: Access, act: string): void {
  if (seesWhole(access)) return;
  const text = `who may not see every store and namespace may not ${act}`;
  throw new ContentError("permission-denied", text);
}
