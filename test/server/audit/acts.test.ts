import { glob } from "node:fs/promises";
import { join } from "node:path";
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { actOf, methodName } from "../../../server/audit/acts.ts";
import { permissionOf } from "../../../server/policy/permissions.ts";

const gen = join(import.meta.dirname, "..", "..", "..", "gen");

/** What is forwarded to other clients changes nothing here. */
const unrecorded: readonly string[] = [
  "containerd.services.events.v1.Events/Publish",
  "containerd.services.events.v1.Events/Forward",
];

function changes(method: DescMethod): boolean {
  const { needs } = permissionOf(method);
  return method.idempotency !== Idempotency.NO_SIDE_EFFECTS && needs !== "reader" && needs !== "auditor";
}

test("every method that changes something is recorded, and no other", async () => {
  const methods: DescMethod[] = [];
  for await (const file of glob("**/*_pb.js", { cwd: gen })) {
    const exported: Readonly<Record<string, DescService | object>> = await import(join(gen, file));
    for (const each of Object.values(exported)) {
      if ("kind" in each && each.kind === "service") methods.push(...each.methods);
    }
  }
  expect(methods.length).toBeGreaterThan(40);
  const changing = methods.filter(changes).map(methodName);
  const recorded = methods.filter((method) => actOf(method) !== undefined).map(methodName);
  expect(recorded.toSorted()).toEqual(changing.filter((name) => !unrecorded.includes(name)).toSorted());
});
