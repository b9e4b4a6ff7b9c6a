import { expect, test } from "vitest";
import type { Known } from "../../../app/settings/diagnostics.ts";
import { diagnosticsOf } from "../../../app/settings/diagnostics.ts";

const store = {
  name: "node-7",
  plugin: "remote",
  target: "https://mei:secret@node-7.example/?token=stw_hidden",
  isDefault: false,
  allowsChanges: false,
  state: "unreachable",
  reason: "https://mei:secret@node-7.example refused",
  version: "",
  polledMs: 2000,
} as const;

const known: Known = {
  version: "0.1.0",
  revision: "",
  uuid: "u",
  facts: { version: "0.1.0", host: "vm", sockets: ["/run/stowage.sock"] },
  plugins: [{ type: "store", id: "s3", requires: [], exports: {}, state: "failed", reason: "bucket is required" }],
  stores: [store],
  answer: {
    isSignInNeeded: true,
    refusal: "",
    session: { name: "mei", role: "admin", stores: ["*"], namespaces: ["*"], how: "session" },
  },
  streams: [{ name: "Ingests", state: "waiting", attempt: 2, reason: "no answer" }],
  page: { agent: "Browser/1", width: 1440, height: 900 },
  at: { server: new Date(0), browser: new Date(1000) },
};

test("diagnostics say what is wrong where", () => {
  const lines = diagnosticsOf(known).split("\n");
  expect(lines).toContain("plugin store s3: failed: bucket is required");
  expect(lines).toContain("stream Ingests: waiting, unknown: no answer");
  expect(lines).toContain("sign-in by session, admin");
  expect(lines[1]).toBe("server time 1970-01-01T00:00:00.000Z, browser time 1970-01-01T00:00:01.000Z");
});

test("diagnostics name nobody who is signed in, and no user, password or query of an address", () => {
  const text = diagnosticsOf(known);
  for (const secret of ["mei", "secret", "stw_", "token"]) expect(text).not.toContain(secret);
  expect(text).toContain("store node-7: remote at https://node-7.example/, unreachable, read-only, polled 2000 ms");
});
