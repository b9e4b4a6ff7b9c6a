import type { Transport } from "@connectrpc/connect";
import { Code, createClient } from "@connectrpc/connect";
import type { Plugin } from "../../gen/containerd/services/introspection/v1/introspection_pb.js";
import { Introspection } from "../../gen/containerd/services/introspection/v1/introspection_pb.js";
import { Version } from "../../gen/containerd/services/version/v1/version_pb.js";
import { answerOf } from "./call.ts";

/** A part that a server is made of (containerd's Introspection.Plugins). */
export interface PluginFacts {
  readonly type: string;
  readonly id: string;
  /** Types of the plugins that it needs. */
  readonly requires: readonly string[];
  /** Facts about what it opened. */
  readonly exports: Readonly<Record<string, string>>;
  /** `off`: it is left out, or what it needs is not there; `failed`: it did not open. */
  readonly state: "open" | "off" | "failed";
  /** Why it is not open, in one line; empty where it is. */
  readonly reason: string;
}

/** The parts that a server is made of, in its order. */
export async function listPlugins(transport: Transport, signal?: AbortSignal): Promise<readonly PluginFacts[]> {
  const { plugins } = await answerOf(createClient(Introspection, transport).plugins({}, { signal }), signal);
  return plugins.map(pluginFromWire);
}

/** Which server it is. */
export interface ServerIdentity {
  readonly version: string;
  /** The commit; empty: not known. */
  readonly revision: string;
  /** Of its data directory. */
  readonly uuid: string;
  /** Of its process. */
  readonly pid: bigint;
}

/** Which server it is (containerd's Version.Version and Introspection.Server). */
export async function identifyServer(transport: Transport, signal?: AbortSignal): Promise<ServerIdentity> {
  const [{ version, revision }, { uuid, pid }] = await Promise.all([
    answerOf(createClient(Version, transport).version({}, { signal }), signal),
    answerOf(createClient(Introspection, transport).server({}, { signal }), signal),
  ]);
  return { version, revision, uuid, pid };
}

/** How containerd marks what is left out on purpose (core/plugin's ErrSkipPlugin). */
const skipped = /: skip plugin$/;

function pluginFromWire({ type, id, requires, exports, initErr }: Plugin): PluginFacts {
  const facts = { type, id, requires, exports };
  if (initErr === undefined) return { ...facts, state: "open", reason: "" };
  const { code, message } = initErr;
  const isOff = skipped.test(message) || code === Code.FailedPrecondition;
  return { ...facts, state: isOff ? "off" : "failed", reason: message.replace(skipped, "") };
}
