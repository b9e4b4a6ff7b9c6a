import { expect, test } from "vitest";
import type { BindWish } from "../../../server/policy/may-bind.ts";
import { mayBind } from "../../../server/policy/may-bind.ts";

const wish: BindWish = { address: "0.0.0.0", port: 3000, hasAuth: true, tls: false, insecure: false };

test.for<[what: string, wish: Partial<BindWish>, refusal: string | undefined, warning?: string]>([
  ["loopback", { address: "127.0.0.1", hasAuth: false }, undefined],
  ["loopback by name", { address: "localhost", hasAuth: false }, undefined],
  ["loopback that is said to be insecure", { address: "::1", hasAuth: false, insecure: true }, undefined],
  [
    "any address without sign-in",
    { hasAuth: false },
    "0.0.0.0:3000 can be reached by others and no sign-in is configured",
  ],
  ["an IPv6 address without sign-in", { address: "fd00::1", hasAuth: false }, "[fd00::1]:3000 can be reached"],
  ["TLS without sign-in", { hasAuth: false, tls: true }, "no sign-in is configured"],
  ["a proxy without sign-in", { hasAuth: false, publicUrl: "https://s.example" }, "no sign-in is configured"],
  ["insecure without sign-in", { hasAuth: false, insecure: true }, "no sign-in is configured"],
  ["what only begins like loopback", { address: "127.0.0.1.example", hasAuth: false }, "no sign-in is configured"],
  ["sign-in alone", {}, "can be reached by others without TLS; set tls on it, or public_url"],
  ["sign-in with TLS", { tls: true }, undefined],
  ["sign-in behind a proxy with TLS", { publicUrl: "https://s.example" }, undefined],
  ["sign-in behind a proxy without TLS", { publicUrl: "http://s.example" }, "without TLS"],
  ["sign-in where others may listen", { insecure: true }, undefined, "0.0.0.0:3000 is without TLS"],
])("%s", ([, more, refusal, warning]) => {
  const rule = mayBind({ ...wish, ...more });
  if (refusal === undefined) expect(rule.refusal).toBeUndefined();
  else expect(rule.refusal).toContain(refusal);
  if (warning === undefined) expect(rule.warning).toBeUndefined();
  else expect(rule.warning).toContain(warning);
});
