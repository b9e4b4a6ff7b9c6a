import { goQuote, shellQuote } from "../../content/quote.ts";
import { storeHere, storeHref } from "../_live/here.ts";
import { sessionStore } from "../_live/session.ts";

/** Where `ctr` and this page meet: a socket, and the namespace that `ctr` uses without `-n`. */
export interface Terminal {
  /** Absolute path. */
  readonly socket: string;
  readonly namespace: string;
}

/** The namespace that `ctr` uses when it is told none (containerd's namespaces.Default). */
export const ctrDefault = "default";

/** A `ctr` command line up to the subcommand, such as `ctr -a /run/stowage.sock -n moby content`. */
export function ctrContent(terminal: Terminal): string {
  return ctrOf(terminal, "content");
}

function ctrOf({ socket, namespace }: Terminal, command: string): string {
  const inNamespace = namespace === ctrDefault ? "" : ` -n ${shellQuote(namespace)}`;
  return `ctr -a ${shellQuote(socket)}${inNamespace} ${command}`;
}

/** A line that reads a blob with `ctr`. */
export function ctrGet(terminal: Terminal, digest: string): string {
  return `${ctrContent(terminal)} get ${digest}`;
}

/** A line that writes a first blob with `ctr`. */
export function ctrHello(terminal: Terminal): string {
  return `echo hello | ${ctrContent(terminal)} ingest hello`;
}

/** What `curl` shows of who calls, where the server wants to know that: a token, which the shell has in TOKEN. */
function bearer(): readonly string[] {
  return sessionStore.get().answer?.isSignInNeeded ? ['-H "authorization: Bearer $TOKEN"'] : [];
}

/** A line that writes the same blob into the page's store with `curl`: ContentService.Write by Connect's JSON. */
export function curlHello(origin: string, namespace: string): string {
  const store = storeHere();
  const request = { request: { action: "COMMIT", ref: "hello", data: "aGVsbG8K" } };
  return [
    "curl -sS -H 'content-type: application/json'",
    ...bearer(),
    `-H ${shellQuote(`containerd-namespace: ${namespace}`)}`,
    ...(store === "" ? [] : [`-H ${shellQuote(`stowage-store: ${store}`)}`]),
    `--data ${shellQuote(JSON.stringify(request))}`,
    `${shellQuote(`${origin}/stowage.v1.ContentService/Write`)}`,
  ].join(" ");
}

/** A line that asks with `curl` who a token's bearer is: AccessService.GetSession by Connect's JSON. */
export function curlSession(origin: string, token: string): string {
  return [
    "curl -sS -H 'content-type: application/json'",
    `-H ${shellQuote(`authorization: Bearer ${token}`)}`,
    `--data '{}' ${shellQuote(`${origin}/stowage.v1.AccessService/GetSession`)}`,
  ].join(" ");
}

/** Where a blob's bytes are downloaded from the page's store. */
export function downloadPath(namespace: string, digest: string): string {
  return storeHref(`/-/blob?ns=${encodeURIComponent(namespace)}&d=${encodeURIComponent(digest)}`);
}

/** A line that downloads a blob with `curl`, into a file of its digest's name. */
export function curlBlob(origin: string, namespace: string, digest: string): string {
  const file = digest.replace(":", "-");
  return ["curl -sSf", ...bearer(), "-o", shellQuote(file), shellQuote(origin + downloadPath(namespace, digest))].join(
    " ",
  );
}

/** A line that writes for a quarter of a minute, so that there is something to see. */
export function slowIngest(socket: string): string {
  const ingest = `${ctrContent({ socket, namespace: ctrDefault })} ingest slow`;
  return `(for i in 1 2 3 4 5; do head -c 1000000 /dev/urandom; sleep 3; done) | ${ingest}`;
}

/** A line that shows one ingest with `ctr`, while it is open. */
export function ctrActive(terminal: Terminal, ref: string): string {
  return `${ctrContent(terminal)} active ${shellQuote(`ref==${goQuote(ref)}`)}`;
}

/** A line that shows one image with `ctr`. */
export function ctrImage(terminal: Terminal, name: string): string {
  return `${ctrOf(terminal, "images")} ls ${shellQuote(`name==${goQuote(name)}`)}`;
}

/** A line that makes images of an archive with `ctr`. */
export function ctrImport(terminal: Terminal): string {
  return `${ctrOf(terminal, "images")} import --no-unpack image.tar`;
}

/** A line that shows one lease with `ctr`. */
export function ctrLease(terminal: Terminal, id: string): string {
  return `${ctrOf(terminal, "leases")} ls ${shellQuote(`id==${goQuote(id)}`)}`;
}

/** A line that makes a lease of an hour with `ctr`. */
export function ctrNewLease(terminal: Terminal): string {
  return `${ctrOf(terminal, "leases")} create --id first --expires 1h`;
}

/** A line that makes a namespace with `ctr`. */
export function ctrNewNamespace(socket: string, name: string): string {
  return `${ctrOf({ socket, namespace: ctrDefault }, "namespaces")} create ${shellQuote(name)}`;
}

/** A line that shows the namespaces with `ctr`. */
export function ctrNamespaces(socket: string): string {
  return `${ctrOf({ socket, namespace: ctrDefault }, "namespaces")} ls`;
}
