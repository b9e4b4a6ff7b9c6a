import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A web server for one test. */
export interface HttpServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** What was asked so far. */
  readonly asked: readonly Pick<IncomingMessage, "url" | "headers">[];
}

/** Answer as that says, on a free port of loopback. */
export async function startHttp(answer: RequestListener): Promise<HttpServer> {
  const asked: Pick<IncomingMessage, "url" | "headers">[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
