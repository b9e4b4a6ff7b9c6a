import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { CatalogService } from "../../gen/stowage/v1/catalog_pb.js";
import type { Trouble } from "../catalog.ts";
import { troubleFromWire } from "../wire.ts";
import { answerOf } from "./call.ts";

/**
 * What is in trouble in some namespaces, as of the answer.
 *
 * @param namespaces names, or `["*"]` for all
 * @throws `invalid-argument` for a name that is none; `not-implemented` by a server without a catalog
 */
export async function troubleOf(
  transport: Transport,
  namespaces: readonly string[],
  signal?: AbortSignal,
): Promise<Trouble> {
  const client = createClient(CatalogService, transport);
  return troubleFromWire(await answerOf(client.getTrouble({ namespaces: [...namespaces] }, { signal }), signal));
}
