import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { serveSides, side } from "./sides.ts";

test("a side has as many namespaces as can be walked through at once: those that are named, or all there are", async () => {
  const { hub, compare } = await serveSides();
  const names = Array.from({ length: 101 }, (_, index) => `n-${index}`);
  const refused = {
    kind: "invalid-argument",
    message: "101 namespaces of local are more than the 100 that can be compared at once; name some",
  };
  const compareFrom = (...asked: readonly string[]) => compare(side("", ...asked), side("second", "n-0"));
  await expect(compareFrom(...names)).rejects.toMatchObject(refused);
  const namespaces = createClient(Namespaces, hub.grpc);
  await Promise.all(names.map((name) => namespaces.create({ namespace: { name } })));
  await expect(compareFrom()).rejects.toMatchObject(refused);
  expect((await compare(side("", ...names.slice(1)), side("second"))).namespaces.a).toHaveLength(100);
});
