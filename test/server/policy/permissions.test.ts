import { expect, test } from "vitest";
import type { Access } from "../../../server/policy/access.ts";
import { fullAccess } from "../../../server/policy/access.ts";
import { endedWith } from "../../../server/policy/ended.ts";
import { requireRole } from "../../../server/policy/permissions.ts";
import { readable } from "../../../server/policy/readable.ts";

const scoped: Access = { ...fullAccess, namespaces: ["a", "b"] };

test("a refusal says what the role may, and who may more", () => {
  const need = (role: Access["role"], needs: Access["role"], act: string) => () =>
    requireRole({ ...fullAccess, role }, { needs, act, ofStore: true });
  expect(need("reader", "operator", "delete content")).toThrow(
    "reader may read but not delete content; operator or admin may",
  );
  expect(need("reader", "auditor", "read the audit")).toThrow(
    "reader may read but not read the audit; auditor, operator or admin may",
  );
  expect(need("operator", "admin", "manage tokens")).toThrow(
    "operator may read and change content but not manage tokens; admin may",
  );
  expect(need("operator", "reader", "read")).not.toThrow();
});

test("every namespace is those that the caller may see, and another one is refused", () => {
  expect(readable({ namespaces: ["*"], query: "x" }, scoped)).toEqual({ namespaces: ["a", "b"], query: "x" });
  expect(readable({ namespaces: ["b"] }, scoped)).toEqual({ namespaces: ["b"] });
  expect(readable({}, scoped)).toEqual({ namespaces: [] });
  expect(readable({ namespaces: ["*", "a"] }, scoped)).toEqual({ namespaces: ["*", "a"] });
  expect(() => readable({ namespaces: ["a", "c"] }, scoped)).toThrow(
    'namespace "c" is not among those that you may see',
  );
  expect(readable({ namespaces: ["*"] }, fullAccess)).toEqual({ namespaces: ["*"] });
});

/** Messages of which the third never comes. */
async function* messages(over: () => void) {
  try {
    yield 1;
    yield 2;
    await new Promise(() => undefined);
  } finally {
    over();
  }
}

test("messages fail with the reason of the end, also while the next one is waited for", async () => {
  const ending = new AbortController();
  const taken = endedWith(
    messages(() => undefined),
    ending.signal,
  );
  expect([(await taken.next()).value, (await taken.next()).value]).toEqual([1, 2]);
  const third = taken.next();
  ending.abort(new Error("revoked"));
  await expect(third).rejects.toThrow("revoked");
  await expect(
    endedWith(
      messages(() => undefined),
      ending.signal,
    ).next(),
  ).rejects.toThrow("revoked");
});

test("messages that are left early are let go of, and what they fail with goes on", async () => {
  let isOver = false;
  const taken = endedWith(
    messages(() => {
      isOver = true;
    }),
    new AbortController().signal,
  );
  await taken.next();
  await taken.return();
  expect(isOver).toBe(true);
  async function* failing() {
    yield 1;
    throw new Error("damaged");
  }
  await expect(Array.fromAsync(endedWith(failing(), new AbortController().signal))).rejects.toThrow("damaged");
});
