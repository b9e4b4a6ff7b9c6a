import { expect, test } from "vitest";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Reference } from "../../../content/references.ts";
import { childLabels, kindOfReference, saidByLabels } from "../../../content/references.ts";

const digest = (number: number) => makeDigest("sha256", number.toString(16).padStart(64, "0"));
const oci = "application/vnd.oci.image";

const named = (number: number, role: Reference["role"], more: Partial<Reference>): Reference => {
  return { role, digest: digest(number), mediaType: "", size: 1, ...more };
};

test("what labels of a document say is read back from them, and what they do not say is known to be there", () => {
  const manifest = [
    named(1, "config", { kind: "config", mediaType: `${oci}.config.v1+json` }),
    named(2, "layer", { mediaType: `${oci}.layer.v1.tar+gzip` }),
  ];
  expect(saidByLabels({ ...childLabels(manifest), team: "payments" })).toEqual({
    kind: "manifest",
    names: [
      { digest: digest(1), kind: "config" },
      { digest: digest(2), kind: "layer" },
    ],
    isMore: false,
  });
  const index = [named(3, "manifest", { kind: "manifest" }), named(4, "manifest", { kind: "index" })];
  expect(saidByLabels(childLabels(index))).toEqual({
    kind: "index",
    names: [{ digest: digest(3), kind: "manifest" }],
    isMore: true,
  });
  expect(saidByLabels(childLabels([named(5, "subject", {})]))).toEqual({ names: [], isMore: false });
  expect(saidByLabels({ "containerd.io/gc.ref.content.config": "no digest" })).toEqual({ names: [], isMore: false });
});

test("a statement is one whether an index or a manifest names it, and all else of a manifest is a layer", () => {
  const predicateType = "https://spdx.dev/Document";
  const kinds = [
    named(1, "manifest", { kind: "manifest", attests: true }),
    named(2, "layer", { predicateType }),
    named(3, "layer", { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip" }),
    named(4, "manifest", {}),
  ].map(kindOfReference);
  expect(kinds).toEqual(["attestation", "attestation", "layer", undefined]);
});
