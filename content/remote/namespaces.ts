import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Namespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { isKind } from "../errors.ts";
import type { CallScope } from "./call.ts";
import { answerOf, headersOf } from "./call.ts";

/**
 * The names of a server's namespaces, in its order (containerd's Namespaces.List).
 *
 * @returns undefined where the server has no Namespaces service
 */
export async function listNamespaces(
  transport: Transport,
  scope: CallScope = {},
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const client = createClient(Namespaces, transport);
  try {
    const { namespaces } = await answerOf(client.list({}, { headers: headersOf(scope), signal }), signal);
    return namespaces.map(({ name }) => name);
  } catch (error) {
    if (isKind(error, "not-implemented")) return undefined;
    throw error;
  }
}
