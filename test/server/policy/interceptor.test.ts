import { once } from "node:events";
import type { ServiceImpl } from "@connectrpc/connect";
import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ContentError } from "../../../content/errors.ts";
import { fromConnectError } from "../../../content/wire.ts";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { callKey } from "../../../server/policy/call.ts";
import { createPolicy } from "../../../server/policy/interceptor.ts";
import { createLog } from "../../support/log.ts";

const digest = `sha256:${"a".repeat(64)}`;
const headers = { "containerd-namespace": "n", "user-agent": "test/1" };

/** A client of a service behind the policy. */
function serve(service: Partial<ServiceImpl<typeof Content>>) {
  const log = createLog();
  const policy = createPolicy(log.logger);
  const transport = createRouterTransport((router) => router.service(Content, service), {
    router: { interceptors: [policy.interceptor] },
  });
  return { ...log, policy, client: createClient(Content, transport) };
}

async function failure(work: Promise<unknown>): Promise<ConnectError> {
  return work.then(
    () => expect.fail("the call did not fail"),
    (error: unknown) => ConnectError.from(error),
  );
}

const drain = (stream: AsyncIterable<unknown>) => Array.fromAsync(stream);

describe("errors", () => {
  test("of a method have the code, text and facts of their kind", async () => {
    const since = new Date(1000);
    const locked = { ref: "r", since, holder: "mei" };
    const { client } = serve({
      status: () => {
        throw new ContentError("unavailable", "ref r locked", { locked });
      },
    });
    const error = await failure(client.status({ ref: "r" }, { headers }));
    expect([error.code, error.rawMessage]).toEqual([Code.Unavailable, "ref r locked: unavailable"]);
    expect(fromConnectError(error).facts.locked).toEqual(locked);
  });

  test("inside a stream of answers are mapped too", async () => {
    const { client } = serve({
      async *list() {
        yield { info: [{ digest }] };
        throw new ContentError("out-of-range", "too far");
      },
    });
    const got: unknown[] = [];
    const reading = (async () => {
      for await (const message of client.list({}, { headers })) got.push(message);
    })();
    expect(await failure(reading)).toMatchObject({ code: Code.OutOfRange, rawMessage: "too far" });
    expect(got).toHaveLength(1);
  });

  test("inside a two-way stream are mapped too", async () => {
    const { client } = serve({
      async *write(requests) {
        for await (const { action } of requests) {
          yield { action };
          throw new ContentError("aborted", "ingest r was aborted");
        }
      },
    });
    async function* messages() {
      yield { action: WriteAction.STAT, ref: "r" };
    }
    expect(await failure(drain(client.write(messages(), { headers })))).toMatchObject({ code: Code.Aborted });
  });

  test.for(["at once", "in the stream"])(
    "that nobody expected, thrown %s, are an id that is in the log",
    async (when) => {
      const cause = new Error("ENOENT: /srv/data/blobs/sha256/abc");
      const { client, lines, text } = serve({
        info: () => {
          throw cause;
        },
        async *list() {
          yield { info: [] };
          throw cause;
        },
      });
      const call = when === "at once" ? client.info({ digest }, { headers }) : drain(client.list({}, { headers }));
      const error = await failure(call);
      expect([error.code, error.rawMessage]).toEqual([Code.Internal, "internal error"]);
      const { reference } = fromConnectError(error).facts;
      expect(reference).toBeTruthy();
      expect(lines.find(({ msg }) => msg === "internal error")).toMatchObject({ call: reference, level: 50 });
      expect(text()).toContain("/srv/data/blobs");
      expect(JSON.stringify([error.message, error.details, [...error.metadata]])).not.toContain("/srv/data");
    },
  );

  test("for a namespace that is none leave before the service is asked", async () => {
    let asked = 0;
    const { client } = serve({ info: () => ({ info: { size: BigInt((asked += 1)) } }) });
    const error = await failure(client.info({ digest }, { headers: { "containerd-namespace": "a/b" } }));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(asked).toBe(0);
  });
});

test("a service is told of the call: namespace, lease, user agent", async () => {
  const { client } = serve({
    info: (_, { values }) => {
      const { namespace, lease, caller } = values.get(callKey);
      return { info: { digest: [namespace, lease, caller.userAgent].join(" ") } };
    },
  });
  const { info } = await client.info({}, { headers: { ...headers, "containerd-lease": "l" } });
  expect(info?.digest).toBe("n l test/1");
});

describe("the log", () => {
  test("has one line a call: which, about what, how it ended, and never data or labels", async () => {
    const { client, lines, text } = serve({
      update: ({ info }) => ({ info }),
      async *write(requests) {
        for await (const { action } of requests) yield { action };
      },
    });
    async function* messages() {
      yield { action: WriteAction.WRITE, ref: "r", data: new TextEncoder().encode("secret-data") };
      yield { action: WriteAction.COMMIT, labels: { key: "secret-label" } };
    }
    await drain(client.write(messages(), { headers }));
    await client.update({ info: { digest, labels: { key: "secret-label" } } }, { headers });
    const method = "containerd.services.content.v1.Content";
    expect(lines).toMatchObject([
      { level: 30, method: `${method}/Write`, namespace: "n", ref: "r", code: "ok", ms: expect.any(Number) },
      { level: 30, method: `${method}/Update`, namespace: "n", digest, code: "ok" },
    ]);
    expect(text()).not.toMatch(/secret/);
    expect(text()).not.toContain(Buffer.from("secret-data").toString("base64"));
  });

  test("tells reads only for debugging, refusals as what they are, the server's faults as warnings", async () => {
    const { client, lines } = serve({
      info: () => {
        throw new ContentError("data-loss", "bytes are wrong");
      },
      delete: () => {
        throw new ContentError("not-found", "content x");
      },
      async *list() {
        yield { info: [] };
      },
    });
    await drain(client.list({}, { headers }));
    await failure(client.delete({ digest }, { headers }));
    await failure(client.info({ digest }, { headers }));
    expect(lines.map(({ level, code }) => [level, code])).toEqual([
      [20, "ok"],
      [30, "NotFound"],
      [40, "DataLoss"],
    ]);
  });
});

test("it is idle once every call has ended, those that a client left included", async () => {
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const { client, policy, lines } = serve({
    async info() {
      entered.resolve();
      await leave.promise;
      return {};
    },
    async *list(_, { signal }) {
      yield { info: [] };
      await once(signal, "abort");
    },
  });
  await policy.idle(60_000);
  const gone = new AbortController();
  const slow = client.info({ digest }, { headers });
  const left = drain(client.list({}, { headers, signal: gone.signal }));
  gone.abort();
  expect((await failure(left)).code).toBe(Code.Canceled);
  await entered.promise;
  let idle = false;
  const waiting = policy.idle(60_000).then(() => {
    idle = true;
  });
  await expect.poll(() => lines.length).toBe(1);
  expect(idle).toBe(false);
  leave.resolve();
  await slow;
  await waiting;
});

test("a call that heeds no signal is waited for so long, and then named in the log", async () => {
  const leave = Promise.withResolvers<void>();
  const { client, policy, lines } = serve({
    async info() {
      await leave.promise;
      return {};
    },
  });
  const stuck = client.info({ digest }, { headers });
  await expect.poll(() => policy.idle(1).then(() => lines.length)).toBeGreaterThan(0);
  expect(lines[0]).toMatchObject({
    msg: "calls did not end; not waited for",
    calls: 1,
    methods: ["containerd.services.content.v1.Content/Info"],
  });
  leave.resolve();
  await stuck;
});
