import { lstat, stat, unlink } from "node:fs/promises";
import type { AddressInfo, Server } from "node:net";
import { connect } from "node:net";
import { dirname } from "node:path";
import { StartError } from "../start-error.ts";
import { systemReason } from "../system-reason.ts";
import type { CertificateFiles } from "./certificate.ts";

/** A TCP address. */
export interface TcpAddress {
  /** A name or address; IPv6 without brackets. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Certificate and key; absent: without TLS. */
  readonly tls?: CertificateFiles;
  /** True where others reach it without TLS, as is wanted; absent: that is refused. */
  readonly insecure?: boolean;
}

/** Bytes that a socket's path may have on Linux, less the final NUL; macOS allows a few less. */
const maxSocketPath = 107;

/** Only the owner and the group may connect. */
const socketUmask = 0o117;

/**
 * Listen on a TCP address.
 *
 * @returns its URL
 * @throws StartError for an address that is taken, or is none of this machine
 */
export async function bindTcp(server: Server, { host, port, tls }: TcpAddress): Promise<string> {
  const name = host.includes(":") ? `[${host}]` : host;
  try {
    await listening(server, () => server.listen({ host, port }));
  } catch (cause) {
    const reason = codeOf(cause) === "EACCES" && port < 1024 ? "ports below 1024 are for root" : systemReason(cause);
    throw new StartError(`cannot listen on ${name}:${port}: ${reason}; choose another with --listen HOST:PORT`, {
      cause,
    });
  }
  return `http${tls === undefined ? "" : "s"}://${name}:${(server.address() as AddressInfo).port}`;
}

/**
 * Listen on a unix socket that only owner and group may use, from its first moment. A socket that nobody answers on any
 * more is replaced.
 *
 * @returns `unix:` and the path
 * @throws StartError where somebody answers there, where another file is there, or where the path cannot be used
 */
export async function bindSocket(server: Server, path: string): Promise<string> {
  const advice = "choose another with --socket PATH";
  if (Buffer.byteLength(path) > maxSocketPath) {
    throw new StartError(`socket path ${path} is longer than ${maxSocketPath} bytes; ${advice}`);
  }
  try {
    await requireFolder(path);
    await removeStale(path);
    await listening(server, () => {
      const umask = process.umask(socketUmask);
      // The file is made in the course of this call, not later.
      server.listen({ path });
      process.umask(umask);
    });
  } catch (cause) {
    throw new StartError(`cannot listen on ${path}: ${systemReason(cause)}; ${advice}`, { cause });
  }
  return `unix:${path}`;
}

function listening(server: Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    listen();
  });
}

/** Listening where there is no folder would be refused as if somebody might not. */
async function requireFolder(path: string): Promise<void> {
  const folder = dirname(path);
  await stat(folder).catch((error: unknown) => {
    throw codeOf(error) === "ENOENT" ? new Error(`there is no folder ${folder}`, { cause: error }) : error;
  });
}

async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error("there is a file that is no socket");
  if (await answers(path)) throw new Error("something else listens there");
  await unlink(path);
}

/** True where a connection is accepted, or cannot be told to be refused. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error) => resolve(codeOf(error) !== "ECONNREFUSED" && codeOf(error) !== "ENOENT"));
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
