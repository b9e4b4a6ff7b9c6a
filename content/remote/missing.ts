import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { CatalogService } from "../../gen/stowage/v1/catalog_pb.js";
import type { FetchProgress, Missing } from "../catalog.ts";
import { fetchProgressFromWire, missingFromWire } from "../wire.ts";
import { answerOf, messagesOf } from "./call.ts";

/** Which blobs an image needs and its namespace does not have. @throws `not-found` where there is no such image */
export async function missingOf(
  transport: Transport,
  namespace: string,
  name: string,
  signal?: AbortSignal,
): Promise<Missing> {
  const client = createClient(CatalogService, transport);
  return missingFromWire(await answerOf(client.getMissing({ namespace, name }, { signal }), signal));
}

/**
 * Fetch what an image lacks from its registry. Leaving the iteration, or aborting the signal, ends the work; the next time goes on from
 * there.
 *
 * @throws while it is iterated: as FetchMissing in proto/stowage/v1/catalog.proto says; `cancelled` after the signal aborted
 */
export async function* fetchMissing(
  transport: Transport,
  namespace: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<FetchProgress, void, undefined> {
  const client = createClient(CatalogService, transport);
  const answers = messagesOf((both) => client.fetchMissing({ namespace, name }, { signal: both }), signal);
  for await (const answer of answers) yield fetchProgressFromWire(answer);
}
