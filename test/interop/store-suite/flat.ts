import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startDaemon } from "../../support/daemon.ts";
import { buildGo } from "../../support/go.ts";

/** A server of containerd's content service over a local store alone. */
export interface Flat extends AsyncDisposable {
  /** Path of its socket. */
  readonly socket: string;
}

/** @returns the path of the program */
export function buildFlat(): Promise<string> {
  return buildGo(join(import.meta.dirname, "flat"), "flat", ["build"]);
}

/**
 * Serve a store; disposing of it ends the server, and the store stays.
 *
 * @param program from buildFlat
 * @param folder that the store and the socket are in
 * @param isReadOnly whatever would change it is refused
 */
export async function startFlat(program: string, folder: string, isReadOnly = false): Promise<Flat> {
  const root = join(folder, "root");
  await mkdir(root, { recursive: true });
  const socket = join(folder, isReadOnly ? "read-only.sock" : "flat.sock");
  const args = ["-root", root, "-socket", socket, ...(isReadOnly ? ["-readonly"] : [])];
  const { daemon } = await startDaemon(program, args, (output) => (output.includes("serving") ? true : undefined));
  return { socket, [Symbol.asyncDispose]: () => daemon.kill("SIGKILL") };
}
