import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { compareStores, copyMissing, endCopy, followCopy } from "../../../content/remote/compare.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { AccessService, Role } from "../../../gen/stowage/v1/access_pb.js";
import { AuditService } from "../../../gen/stowage/v1/audit_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { bearer, serveGuarded } from "../access/guarded.ts";
import { putBlob, sha256 } from "../services/calls.ts";
import { endOf, putLabelled, reportOf, serveSides, side } from "./sides.ts";

const nobody = new AbortController().signal;
const text = "a blob that is to be copied";

/** A ref that somebody writes, so that a copy of its blob waits, until it is disposed of. */
async function held(store: ReturnType<typeof createRemoteStore>) {
  return await store.writer({ ref: `unknown-${sha256(text)}` });
}

test("a copy that is to keep going outlives its call, is followed by others, and is recorded whole", async () => {
  const served = await serveSides();
  const [own, second] = [served.in("", "n"), served.in("second", "n")];
  await putLabelled(own, text);
  const lock = await held(second);
  const report = await served.compare(side("", "n"), side("second", "n"));
  const begun = copyMissing(served.web, { report: report.id, to: "b", namespace: "n", keepGoing: true }, nobody);
  const { value: first } = await begun.next();
  await begun.return();
  const follow = () => followCopy(served.web, "", nobody);
  const followed = await follow().next();
  expect(followed.value).toMatchObject({
    copy: first?.copy,
    target: { store: "second", namespace: "n" },
    wanted: { blobs: 1, bytes: text.length },
    complete: false,
  });
  await lock[Symbol.asyncDispose]();
  const end = await endOf(follow());
  expect(end).toMatchObject({ copied: { blobs: 1 }, complete: true });
  expect((await second.info(sha256(text))).size).toBe(text.length);
  // What is over is still known, until it is forgotten.
  expect((await endOf(followCopy(served.web, end.copy, nobody))).complete).toBe(true);
  const audit = createClient(AuditService, served.hub.grpc);
  const told = async () => {
    const { events } = await audit.listEventsPage({ selection: { query: "act:copy" } });
    return events.reduce((sum, { bytes }) => sum + Number(bytes ?? 0n), 0);
  };
  await expect.poll(told).toBe(text.length);
  await endCopy(served.web, end.copy);
  await expect(endOf(follow())).rejects.toMatchObject({ kind: "not-found" });
});

test("whoever ends a copy ends it for all who follow it, and another one goes on", async () => {
  const served = await serveSides();
  const second = served.in("second", "n");
  await putLabelled(served.in("", "n"), text);
  const lock = await held(second);
  const report = await served.compare(side("", "n"), side("second", "n"));
  const request = { report: report.id, to: "b", namespace: "n", keepGoing: true } as const;
  const begun = copyMissing(served.web, request, nobody);
  const { value: first } = await begun.next();
  const following = endOf(followCopy(served.web, first?.copy ?? "", nobody));
  const ended = Promise.all([
    expect(endOf(begun)).rejects.toMatchObject({ kind: "cancelled" }),
    expect(following).rejects.toMatchObject({ kind: "cancelled" }),
  ]);
  await endCopy(served.web, first?.copy ?? "");
  await ended;
  await lock[Symbol.asyncDispose]();
  expect((await served.copy(request)).copied.blobs).toBe(1);
});

test("a copy is its caller's, and ends with the token that began it", async () => {
  const guarded = await serveGuarded();
  const socket = grpcTransport(guarded.socket);
  await putBlob(createRemoteStore(socket, { namespace: "n" }), text);
  const second = createRemoteStore(socket, { namespace: "n", store: "second" });
  await using _lock = await held(second);
  const as = async (name: string) => {
    const headers = bearer(await guarded.token({ role: Role.OPERATOR, name }));
    return createConnectTransport({
      baseUrl: guarded.url,
      httpVersion: "1.1",
      interceptors: [
        (next) => (request) => {
          for (const [key, value] of Object.entries(headers)) request.header.set(key, value);
          return next(request);
        },
      ],
    });
  };
  const [mei, ada] = [await as("mei"), await as("ada")];
  const report = await reportOf(compareStores(mei, side("local", "n"), side("second", "n"), nobody));
  const begun = copyMissing(mei, { report: report.id, to: "b", namespace: "n", keepGoing: true }, nobody);
  const { value: first } = await begun.next();
  await begun.return();
  const copy = first?.copy ?? "";
  for (const id of [copy, ""]) {
    await expect(endOf(followCopy(ada, id, nobody))).rejects.toMatchObject({ kind: "not-found" });
  }
  await expect(endCopy(ada, copy)).rejects.toMatchObject({ kind: "not-found" });
  const access = createClient(AccessService, socket);
  const { tokens } = await access.listTokens({});
  await access.revokeToken({ id: tokens.find(({ name }) => name === "mei")?.id ?? "" });
  // The same person again, with another token.
  const again = await as("mei");
  await expect(endOf(followCopy(again, copy, nobody))).rejects.toMatchObject({
    kind: "aborted",
    message: expect.stringMatching(/^who began it may not go on: .*revoked/),
  });
});
