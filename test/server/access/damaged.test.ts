import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Code, createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ask } from "../listen/serve.ts";
import { failure, sha256 } from "../services/calls.ts";
import type { Way } from "./guarded.ts";
import { bearer, serveGuarded } from "./guarded.ts";

const unknown = `stw_${"x".repeat(43)}`;

/** A server whose tokens cannot be read any more. */
async function serveDamaged() {
  const guarded = await serveGuarded();
  const database = new DatabaseSync(join(guarded.root, "access.db"));
  database.exec("ALTER TABLE token RENAME TO lost");
  database.close();
  return guarded;
}

test.for<Way>(["connect", "grpc"])(
  "where tokens cannot be read nobody is let in, and the log says why: %s",
  async (way) => {
    const { dial, log } = await serveDamaged();
    const call = createClient(Content, dial(way)).info({ digest: sha256("x") }, { headers: bearer(unknown) });
    const { code, rawMessage } = await failure(call);
    expect([code, rawMessage]).toEqual([Code.Internal, "internal error"]);
    expect(log()).toMatch(/no such table: token.*internal error/);
  },
);

test("and no file and no number is handed out", async () => {
  const { url, log } = await serveDamaged();
  for (const path of ["/-/blob?ns=n", "/-/audit", "/metrics"]) {
    const { status, text } = await ask(`${url}${path}`, { headers: bearer(unknown) });
    expect([path, status, text]).toEqual([path, 500, expect.stringMatching(/internal error|server's log/)]);
  }
  expect(log()).toContain("no such table: token");
  expect((await ask(`${url}/healthz`)).status).toBe(200);
});
