import { identifyServer, listPlugins } from "../../content/remote/plugins.ts";
import { getServer } from "../../content/remote/server.ts";
import { serverTransport } from "../_live/server-transport.ts";

/** What the server is made of. */
export const askPlugins = () => listPlugins(serverTransport(""));

/** What it tells of itself, and which one it is. */
export async function askFacts() {
  const transport = serverTransport("");
  const [facts, identity] = await Promise.all([getServer(transport), identifyServer(transport)]);
  return { facts, ...identity };
}
