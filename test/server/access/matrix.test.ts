import { setTimeout } from "node:timers/promises";
import type { DescMethod, DescMethodStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import { timestampNow } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../../gen/containerd/services/events/v1/events_pb.js";
import { Role } from "../../../gen/stowage/v1/access_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { ask } from "../listen/serve.ts";
import { sha256 } from "../services/calls.ts";
import type { Guarded, Way } from "./guarded.ts";
import { bearer, outcomeOf, serveGuarded } from "./guarded.ts";

/** Who may call a method: `open` to everybody, or the least role. */
type Least = "open" | "reader" | "auditor" | "operator" | "admin";

/**
 * What is about which namespace: `call`, the one of the header; `request`, one that the request names; `none`, it is about no
 * namespace, or about all that the caller may see; `whole`, it is for who may see everything.
 */
type About = "call" | "request" | "none" | "whole";

/** A request as JSON has it. */
type Message = Record<string, unknown>;

interface Row {
  readonly least: Least;
  readonly about: About;
  /** False: it is about the server, whichever store the call names. */
  readonly ofStore: boolean;
  /** @param namespace the one that it is about */
  readonly request: (namespace: string) => Message;
}

const row = (least: Least, about: About, request: Row["request"] = () => ({}), ofStore = true): Row => {
  return { least, about, request, ofStore };
};

/** A method of the server itself. */
const own = (least: Least, about: About, request?: Row["request"]): Row => row(least, about, request, false);

const digest = sha256("x");
const resource = { type: "content", id: digest };
const selection = (namespace: string) => ({ selection: { namespaces: [namespace] } });
const commit = { action: WriteAction.COMMIT, ref: "r", expected: digest };

/** Every method that a server serves, and who may call it. */
const rows: Readonly<Record<string, Row>> = {
  "containerd.services.content.v1.Content/Info": row("reader", "call", () => ({ digest })),
  "containerd.services.content.v1.Content/Update": row("operator", "call", () => ({ info: { digest } })),
  "containerd.services.content.v1.Content/List": row("reader", "call"),
  "containerd.services.content.v1.Content/Delete": row("operator", "call", () => ({ digest })),
  "containerd.services.content.v1.Content/Read": row("reader", "call", () => ({ digest })),
  "containerd.services.content.v1.Content/Status": row("reader", "call", () => ({ ref: "r" })),
  "containerd.services.content.v1.Content/ListStatuses": row("reader", "call"),
  "containerd.services.content.v1.Content/Write": row("operator", "call", () => commit),
  "containerd.services.content.v1.Content/Abort": row("operator", "call", () => ({ ref: "r" })),
  "containerd.services.namespaces.v1.Namespaces/Get": row("reader", "request", (name) => ({ name })),
  "containerd.services.namespaces.v1.Namespaces/List": row("reader", "none"),
  "containerd.services.namespaces.v1.Namespaces/Create": row("operator", "request", (name) => ({
    namespace: { name },
  })),
  "containerd.services.namespaces.v1.Namespaces/Update": row("operator", "request", (name) => ({
    namespace: { name },
  })),
  "containerd.services.namespaces.v1.Namespaces/Delete": row("operator", "request", (name) => ({ name })),
  "containerd.services.leases.v1.Leases/Create": row("operator", "call", () => ({ id: "l" })),
  "containerd.services.leases.v1.Leases/Delete": row("operator", "call", () => ({ id: "none" })),
  "containerd.services.leases.v1.Leases/List": row("reader", "call"),
  "containerd.services.leases.v1.Leases/AddResource": row("operator", "call", () => ({ id: "l", resource })),
  "containerd.services.leases.v1.Leases/DeleteResource": row("operator", "call", () => ({ id: "l", resource })),
  "containerd.services.leases.v1.Leases/ListResources": row("reader", "call", () => ({ id: "l" })),
  "containerd.services.images.v1.Images/Get": row("reader", "call", () => ({ name: "i" })),
  "containerd.services.images.v1.Images/List": row("reader", "call"),
  "containerd.services.images.v1.Images/Create": row("operator", "call", () => ({ image: { name: "i" } })),
  "containerd.services.images.v1.Images/Update": row("operator", "call", () => ({ image: { name: "i" } })),
  "containerd.services.images.v1.Images/Delete": row("operator", "call", () => ({ name: "i" })),
  "containerd.services.events.v1.Events/Publish": row("operator", "call", () => ({ topic: "/t" })),
  "containerd.services.events.v1.Events/Forward": row("operator", "request", (namespace) => ({
    envelope: { namespace, topic: "/t" },
  })),
  "containerd.services.events.v1.Events/Subscribe": row("reader", "none"),
  "containerd.services.version.v1.Version/Version": own("reader", "none"),
  "containerd.services.introspection.v1.Introspection/Plugins": own("reader", "none"),
  "containerd.services.introspection.v1.Introspection/Server": own("reader", "none"),
  "stowage.v1.ContentService/Status": row("reader", "request", selection),
  "stowage.v1.ContentService/List": row("reader", "request", selection),
  "stowage.v1.ContentService/ListPage": row("reader", "request", selection),
  "stowage.v1.ContentService/Write": row("operator", "call", () => ({ request: commit })),
  "stowage.v1.CatalogService/ListImages": row("reader", "request", (name) => ({ namespaces: [name] })),
  "stowage.v1.CatalogService/ListLeases": row("reader", "request", (name) => ({ namespaces: [name] })),
  "stowage.v1.CatalogService/ListNamespaces": row("reader", "none"),
  "stowage.v1.CatalogService/GetTrouble": row("reader", "request", (name) => ({ namespaces: [name] })),
  "stowage.v1.CatalogService/GetMissing": row("reader", "request", (namespace) => ({ namespace, name: "i" })),
  "stowage.v1.CatalogService/FetchMissing": row("operator", "request", (namespace) => ({ namespace, name: "i" })),
  "stowage.v1.CatalogService/GetHold": row("reader", "request", (namespace) => ({ namespace, digest })),
  "stowage.v1.CatalogService/ExtendLease": row("operator", "request", (namespace) => ({ namespace, id: "none" })),
  "stowage.v1.AuditService/ListEvents": own("auditor", "none"),
  "stowage.v1.AuditService/ListEventsPage": own("auditor", "none"),
  "stowage.v1.ServerService/GetServer": own("reader", "none"),
  "stowage.v1.ServerService/ListStores": own("reader", "none"),
  // The second side is none, so that nothing is compared.
  "stowage.v1.CompareService/Compare": own("reader", "request", (name) => ({
    a: { store: "second", namespaces: [name] },
    b: { store: "second", namespaces: ["/"] },
  })),
  "stowage.v1.CompareService/ListDifferences": own("reader", "none"),
  "stowage.v1.CompareService/ListOtherDigests": own("reader", "none"),
  "stowage.v1.CompareService/CopyMissing": own("operator", "none"),
  "stowage.v1.CompareService/FollowCopy": own("reader", "none"),
  "stowage.v1.CompareService/EndCopy": own("operator", "none"),
  "stowage.v1.AccessService/SignIn": own("open", "none"),
  "stowage.v1.AccessService/SignOut": own("open", "none"),
  "stowage.v1.AccessService/GetSession": own("open", "none"),
  "stowage.v1.AccessService/ListTokens": own("admin", "whole"),
  "stowage.v1.AccessService/CreateToken": own("admin", "whole", () => ({ name: "-" })),
  "stowage.v1.AccessService/RevokeToken": own("admin", "whole", () => ({ id: "none" })),
};

const order: readonly Least[] = ["open", "reader", "auditor", "operator", "admin"];
const [mine, theirs] = ["mine", "theirs"];

/** Who calls; no role: nobody. */
interface Caller {
  readonly role?: Exclude<Least, "open">;
  readonly namespaces: string;
  readonly stores: string;
}

const roleNames: Readonly<Record<Exclude<Least, "open">, Role>> = {
  reader: Role.READER,
  auditor: Role.AUDITOR,
  operator: Role.OPERATOR,
  admin: Role.ADMIN,
};

const callers: readonly Caller[] = [
  { namespaces: "", stores: "" },
  ...(["reader", "auditor", "operator", "admin"] as const).flatMap((role) =>
    ["*", mine, theirs].flatMap((namespaces) => ["*", "second"].map((stores) => ({ role, namespaces, stores }))),
  ),
];

/** What becomes of a call about the namespace `mine` of the store `local`. */
function expected({ least, about, ofStore }: Row, { role, namespaces, stores }: Caller): string {
  if (least === "open") return "let in";
  if (role === undefined) return "Unauthenticated";
  if (order.indexOf(role) < order.indexOf(least)) return "PermissionDenied";
  if (ofStore && stores === "second") return "PermissionDenied";
  if (about === "whole" && (namespaces !== "*" || stores !== "*")) return "PermissionDenied";
  return about !== "none" && namespaces === theirs ? "PermissionDenied" : "let in";
}

const nameOf = ({ parent, name }: DescMethod): string => `${parent.typeName}/${name}`;

/** Make a call, up to its first answer. */
async function call(transport: Transport, method: DescMethod, headers: HeadersInit, request: Message): Promise<string> {
  if (method.methodKind === "unary") {
    return outcomeOf(transport.unary(method as DescMethodUnary, undefined, undefined, headers, request));
  }
  const left = new AbortController();
  async function* requests() {
    yield request;
  }
  const first = async () => {
    const streaming = method as DescMethodStreaming;
    const answer = await transport.stream(streaming, left.signal, undefined, headers, requests());
    for await (const _message of answer.message) break;
  };
  const outcome = await outcomeOf(first());
  left.abort();
  return outcome;
}

/** How calls end that are let in: they find nothing, or others write the same ref. */
const inside: readonly string[] = [
  ...["ok", "NotFound", "InvalidArgument", "FailedPrecondition", "AlreadyExists"],
  ...["Aborted", "Unavailable"],
];

/** Events happen in both namespaces, again and again: whoever subscribes waits for one. */
async function keepHappening({ socket }: Guarded, ended: AbortSignal): Promise<void> {
  const events = createClient(Events, grpcTransport(socket));
  const event = { typeUrl: "t", value: new Uint8Array() };
  while (!ended.aborted) {
    for (const namespace of [mine, theirs]) {
      await events.forward({ envelope: { namespace, topic: "/t", timestamp: timestampNow(), event } });
    }
    await setTimeout(20);
  }
}

/** The methods that both ways in answer; the others are Connect's on both. */
const answered: Readonly<Record<Way, (method: DescMethod) => boolean>> = {
  connect: () => true,
  grpc: ({ parent }) => parent.typeName === "containerd.services.content.v1.Content",
};

test.each(["connect", "grpc"] as const)("by %s, every method lets in exactly whom it should", async (way) => {
  const guarded = await serveGuarded();
  const methods = guarded.methods();
  expect(methods.map(nameOf).toSorted()).toEqual(Object.keys(rows).toSorted());
  const known = await guarded.token();
  const wrong: unknown[] = [];

  async function tryAs(caller: Caller): Promise<void> {
    const { role, namespaces, stores } = caller;
    const scope = role && { role: roleNames[role], namespaces: [namespaces], stores: [stores] };
    const shown = scope ? bearer(await guarded.token(scope)) : {};
    const transport = guarded.dial(way);
    const tried = methods.filter(answered[way]).map(async (method) => {
      const { [nameOf(method)]: rule = row("admin", "none") } = rows;
      const named = rule.about === "call" && { "containerd-namespace": mine };
      const headers = { ...shown, ...named, ...(rule.ofStore && { "stowage-store": "local" }) };
      const request = method.name === "SignIn" ? { token: known } : rule.request(mine);
      const outcome = await call(transport, method, headers, request);
      const [got, want] = [inside.includes(outcome) ? "let in" : outcome, expected(rule, caller)];
      if (got !== want) wrong.push({ method: nameOf(method), caller, got, want });
    });
    await Promise.all(tried);
  }

  const all = new AbortController();
  const happening = keepHappening(guarded, all.signal);
  await Promise.all(callers.map(tryAs));
  all.abort();
  await happening;
  expect(wrong).toEqual([]);
});

/** What is asked for by GET, and the status of whoever is let in. */
const paths = {
  blob: `/-/blob?ns=${mine}&d=${digest}`,
  export: `/-/export?ns=${mine}&name=i`,
  metrics: "/metrics",
} as const;

test("downloads, exports and metrics let in exactly whom they should; pages and health everybody", async () => {
  const { url, token } = await serveGuarded();
  const status = async (path: string, shown: Record<string, string>) =>
    (await ask(url + path, { headers: shown })).status;
  for (const { role, namespaces, stores } of callers) {
    const scope = role && { role: roleNames[role], namespaces: [namespaces], stores: [stores] };
    const shown = scope ? bearer(await token(scope)) : {};
    const ofBlob = role === undefined ? 401 : namespaces === theirs || stores === "second" ? 403 : 404;
    const ofAll = role === undefined ? 401 : namespaces === "*" && stores === "*" ? 200 : 403;
    expect([
      await status(paths.blob, shown),
      await status(paths.export, shown),
      await status(paths.metrics, shown),
    ]).toEqual([ofBlob, ofBlob, ofAll]);
    expect(await status("/healthz", shown)).toBe(200);
    expect(await status("/readyz", shown)).toBe(200);
  }
});
