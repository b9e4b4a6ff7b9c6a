import type { PluginFacts, ServerIdentity } from "../../content/remote/plugins.ts";
import type { ServerFacts } from "../../content/remote/server.ts";
import type { SessionAnswer } from "../../content/remote/session.ts";
import type { StoreFacts } from "../../content/remote/stores.ts";
import type { StreamState } from "../_live/connection.ts";

/** What is known that helps to find out why something does not work. */
export interface Known extends Pick<ServerIdentity, "version" | "revision" | "uuid"> {
  /** Absent: the server does not tell. */
  readonly facts: ServerFacts | undefined;
  readonly plugins: readonly PluginFacts[];
  readonly stores: readonly StoreFacts[];
  readonly answer: SessionAnswer | undefined;
  readonly streams: readonly StreamState[];
  readonly page: { readonly agent: string; readonly width: number; readonly height: number };
  /** What time it is, by either clock. */
  readonly at: { readonly server: Date; readonly browser: Date };
}

/** All of it as text. It has no secret: of who is signed in the role alone, and of an address nothing that names a user of it. */
export function diagnosticsOf({
  version,
  revision,
  uuid,
  facts,
  plugins,
  stores,
  answer,
  streams,
  page,
  at,
}: Known): string {
  return [
    `stowage ${version}${revision === "" ? "" : ` ${revision}`} on ${facts?.host ?? "an unknown host"}, data ${uuid}`,
    `server time ${at.server.toISOString()}, browser time ${at.browser.toISOString()}`,
    `browser ${page.agent}, ${page.width} x ${page.height}`,
    `sign-in ${answer?.isSignInNeeded ? `by ${answer.session?.how ?? "nobody"}, ${answer.session?.role ?? "no role"}` : "not configured"}`,
    ...stores.map(storeLine),
    ...streams.map(
      ({ name, state, source = "unknown", reason = "" }) => `stream ${name}: ${state}, ${source}${after(reason)}`,
    ),
    ...plugins.map(({ type, id, state, reason }) => `plugin ${type} ${id}: ${state}${after(reason)}`),
  ].join("\n");
}

function storeLine({ name, plugin, target, state, reason, allowsChanges, latencyMs, polledMs }: StoreFacts): string {
  const times = `${latencyMs === undefined ? "" : `, ${latencyMs} ms`}${polledMs === undefined ? "" : `, polled ${polledMs} ms`}`;
  const where = target === "" ? "" : ` at ${withoutUser(target)}`;
  return `store ${name}: ${plugin}${where}, ${state}, ${allowsChanges ? "changes" : "read-only"}${times}${after(withoutUser(reason))}`;
}

function after(reason: string): string {
  return reason === "" ? "" : `: ${reason}`;
}

/** A text whose URLs name nobody, and have no query. */
function withoutUser(text: string): string {
  return text.replace(/(\w+:\/\/)[^\s/@]*@/g, "$1").replace(/(https?:\/\/[^\s?#]*)[?#]\S*/g, "$1");
}
