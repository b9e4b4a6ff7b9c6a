import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { isKind } from "../../content/errors.ts";
import { listNamespaces } from "../../content/remote/namespaces.ts";
import { getServer } from "../../content/remote/server.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { createNodeTransport } from "../relay/node-transport.ts";
import { StartError } from "../start-error.ts";
import { requireContent } from "../stores/buildkit/source.ts";
import { findLayout } from "../stores/oci-layout/folder.ts";

/** A store that is opened by where it is. */
export interface OpenedTarget {
  /** Id of the plugin that it is. */
  readonly plugin: "containerd" | "buildkit" | "oci-layout" | "remote";
  /** What calls it by default would name it, an identifier. */
  readonly name: string;
  /** Its keys, as the config has them. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What is the same for all targets. */
export interface OpenOptions {
  /** True: what may be changed here may be changed there. */
  readonly allowsChanges: boolean;
  /** File with this server's token at other Stowages; absent: none. */
  readonly tokenFile?: string;
}

/** So long a socket may take to say what it is, in milliseconds. */
const patienceMs = 5_000;

/** Kinds that can be named before a target: `containerd:/run/x.sock`. */
const kinds = ["containerd", "buildkit", "oci-layout", "remote"] as const;

/** A target that says what it is, and its kind. */
const named = new RegExp(`^(?<kind>${kinds.join("|")}):(?<rest>.+)$`, "s");

/**
 * What a target of `--open` is: a socket of a containerd, a buildkitd or another Stowage, which is asked what it is; a URL of
 * another Stowage; or a folder, which has to be an OCI layout. A kind before it (`containerd:PATH`) says so, and nothing is asked.
 *
 * @throws StartError in one line, for what is not there or cannot be reached
 */
export async function openTarget(target: string, options: OpenOptions): Promise<OpenedTarget> {
  const { kind, rest = target } = named.exec(target)?.groups ?? {};
  const known = kinds.find((each) => each === kind);
  if (known !== undefined) return opened(known, rest, options);
  if (isUrl(target)) return opened("remote", target, options);
  const path = pathOf(target);
  try {
    return opened(await kindOf(path), path, options);
  } catch (cause) {
    throw new StartError(`cannot open ${target}: ${reasonOf(cause, path)}`, { cause });
  }
}

function opened(kind: OpenedTarget["plugin"], rest: string, { allowsChanges, tokenFile }: OpenOptions): OpenedTarget {
  const path = pathOf(rest);
  const address = /^(?!unix:)\w+:\/\//.test(rest) ? rest : `unix:${path}`;
  const change = { allow_changes: allowsChanges };
  switch (kind) {
    case "containerd":
      return { plugin: kind, name: kind, config: { address, ...change } };
    case "buildkit":
      return { plugin: kind, name: kind, config: { address } };
    case "oci-layout":
      return { plugin: kind, name: identifierOf(basename(path)), config: { path } };
    case "remote": {
      const url = isUrl(rest) ? URL.parse(rest) : undefined;
      if (url && url.username + url.password !== "") throw new StartError(hasPassword);
      const token = tokenFile === undefined ? {} : { token_file: tokenFile };
      const name = url === undefined ? basename(path, ".sock") : (url?.host ?? "");
      return {
        plugin: kind,
        name: identifierOf(name),
        config: { url: url === undefined ? `unix:${path}` : rest, ...token, ...change },
      };
    }
  }
}

/** Said without the target: it would be shown again. */
const hasPassword =
  "cannot open a URL with a user or a password in it; this server's token is in the file of --token-file";

function isUrl(target: string): boolean {
  return /^https?:\/\//.test(target);
}

/** Find out what is at a path. */
async function kindOf(path: string): Promise<OpenedTarget["plugin"]> {
  const found = await stat(path);
  if (found.isDirectory()) return await kindOfFolder(path);
  if (found.isSocket()) return await kindOfSocket(path);
  if (!found.isFile()) throw new StartError("it is neither a socket nor a folder");
  throw new StartError(
    "it is a file; of an archive open the folder that it is unpacked in: mkdir DIR && tar -xf FILE -C DIR",
  );
}

async function kindOfFolder(path: string): Promise<OpenedTarget["plugin"]> {
  try {
    await findLayout(path);
    return "oci-layout";
  } catch (cause) {
    throw new StartError(messageOf(cause), { cause });
  }
}

/** Ask a socket what it is: each of the three has what the next one lacks. */
async function kindOfSocket(path: string): Promise<OpenedTarget["plugin"]> {
  using connection = createNodeTransport({ url: `unix:${path}` });
  const { transport } = connection;
  const signal = AbortSignal.timeout(patienceMs);
  try {
    if ((await getServer(transport, signal)) !== undefined) return "remote";
    if ((await listNamespaces(transport, {}, signal)) !== undefined) return "containerd";
    await requireContent(createRemoteStore(transport), signal);
    return "buildkit";
  } catch (cause) {
    if (isKind(cause, "unauthenticated")) return "remote";
    if (!signal.aborted) throw cause;
    const text = `no answer within ${patienceMs / 1000} s: it hangs, or speaks something else than gRPC`;
    throw new StartError(text, { cause });
  }
}

function pathOf(target: string): string {
  return resolve(target.replace(/^unix:(?:\/\/(?=\/))?/, ""));
}

/** A name with what no identifier has taken out. */
function identifierOf(text: string): string {
  const parts = text.split(/[^A-Za-z0-9]+/).filter((part) => part !== "");
  return parts.join("-").slice(0, 60).replace(/-$/, "") || "opened";
}

/** What is wrong with what is at a path, and what to do about it. */
function reasonOf(cause: unknown, path: string): string {
  switch (systemCodeOf(cause)) {
    case "ENOENT":
    case "ENOTDIR":
      return `there is nothing at ${path}; what is meant is a folder, the socket of a server that runs, or a URL`;
    case "ECONNREFUSED":
      return "nothing listens there; is it running?";
    case "EACCES":
      return "permission denied; run as a user who may, such as one of the socket's group";
  }
  if (cause instanceof StartError) return cause.message;
  return `it does not say what it is, as a containerd, a buildkitd and a Stowage do and Docker's own socket does not: ${messageOf(cause)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Errors of calls stand before those of the system, which alone tell of a file. */
function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return "code" in error && typeof error.code === "string" ? error.code : systemCodeOf(error.cause);
}
