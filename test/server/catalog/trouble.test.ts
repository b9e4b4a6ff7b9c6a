import { expect, test } from "vitest";
import { countTrouble } from "../../../server/catalog/trouble.ts";
import { openTestMetadata } from "../metadata/support.ts";

const day = 24 * 3_600_000;

/** Leases so old, in milliseconds. @param labels of all of them */
async function* leasesOf(ages: readonly number[], labels = {}) {
  for (const [at, age] of ages.entries())
    yield { lease: { id: `${at}`, createdAt: new Date(Date.now() - age), labels } };
}

test("leases without an end that are older than a day are counted, and no others", async () => {
  const ages = [0, day - 60_000, day + 60_000, 31 * day];
  expect(await countTrouble(leasesOf(ages))).toEqual({ leakedLeases: 2, isComplete: true });
  const expiring = { "containerd.io/gc.expire": "2100-01-01T00:00:00Z" };
  expect(await countTrouble(leasesOf(ages, expiring))).toEqual({ leakedLeases: 0, isComplete: true });
});

test("of very many leases so many are looked at, and the number says that it is not all", async () => {
  const many = leasesOf(Array.from({ length: 10_001 }, () => 2 * day));
  expect(await countTrouble(many)).toEqual({ leakedLeases: 10_000, isComplete: false });
});

test("leases are those of the namespaces that are asked about", async () => {
  const { metadata } = await openTestMetadata();
  for (const name of ["a", "b", "c"]) await metadata.leases.create(name, "x", {});
  const namespaces: string[] = [];
  for await (const { namespace } of metadata.catalog.leases(["a", "c"])) namespaces.push(namespace);
  expect(namespaces).toEqual(["a", "c"]);
});
