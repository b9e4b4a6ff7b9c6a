import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import type { DocumentKind, Reference } from "../../content/references.ts";
import { childLabels, documentKind, documentLimits, parseDocument, refKey } from "../../content/references.ts";
import { bytes, digestOf } from "../suite/support.ts";

const oci = (name: string): string => `application/vnd.oci.image.${name}`;
const docker = (name: string): string => `application/vnd.docker.${name}`;

const a = digestOf(bytes("a"));
const b = digestOf(bytes("b"));
const c = digestOf(bytes("c"));

function parse(value: unknown, kind: DocumentKind) {
  return parseDocument(bytes(JSON.stringify(value)), kind);
}

const named = (digest: Digest, mediaType: string, rest = {}) => ({ digest, mediaType, size: 7, ...rest });

describe("what a document names", () => {
  test.each([
    ["OCI's", oci("index.v1+json"), oci("manifest.v1+json")],
    ["Docker's", docker("distribution.manifest.list.v2+json"), docker("distribution.manifest.v2+json")],
  ])(
    "is of an index: manifests with their platforms, and statements with what they are about (%s)",
    (_, own, mediaType) => {
      const manifests = [
        named(a, mediaType, { platform: { os: "linux", architecture: "arm64", variant: "v8" } }),
        named(b, mediaType, { platform: { os: "linux", architecture: "arm", variant: "v7" } }),
        named(c, mediaType, {
          platform: { os: "unknown", architecture: "unknown" },
          annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": a },
        }),
      ];
      const common = { role: "manifest", mediaType, size: 7, kind: "manifest" };
      expect(parse({ schemaVersion: 2, mediaType: own, manifests }, "index")).toEqual({
        mediaType: own,
        truncated: false,
        references: [
          { ...common, digest: a, platform: "linux/arm64" },
          { ...common, digest: b, platform: "linux/arm/v7" },
          { ...common, digest: c, attests: true, about: a },
        ],
      });
    },
  );

  test("is of a manifest: its config, its layers in their order, and what it is about", () => {
    const predicate = { annotations: { "in-toto.io/predicate-type": "https://spdx.dev/Document" } };
    const { references, fault } = parse(
      {
        config: named(a, oci("config.v1+json")),
        layers: [named(b, oci("layer.v1.tar+gzip")), named(c, "application/vnd.in-toto+json", predicate)],
        subject: named(a, oci("manifest.v1+json")),
      },
      "manifest",
    );
    expect(fault).toBeUndefined();
    expect(references.map(({ role, digest, kind }) => [role, digest, kind])).toEqual([
      ["config", a, "config"],
      ["layer", b, undefined],
      ["layer", c, undefined],
      ["subject", a, "manifest"],
    ]);
    expect(references[2]?.predicateType).toBe("https://spdx.dev/Document");
  });

  test("is of a config its platform, and of an artifact without a config its blobs", () => {
    expect(parse({ os: "linux", architecture: "amd64" }, "config")).toMatchObject({ platform: "linux/amd64" });
    expect(parse({ blobs: [named(a, "text/plain")] }, "manifest").references).toMatchObject([
      { role: "layer", digest: a },
    ]);
  });
});

describe("a document that is not as it should be tells its fault, and what is wrong is left out", () => {
  const layer = named(a, oci("layer.v1.tar"));
  test.each([
    ["it is no JSON object", [], "index"],
    ["manifests[1] has no digest", { manifests: [layer, { size: 1, digest: "sha256:../../x" }] }, "index"],
    ["layers[0] has no digest", { layers: ["x"] }, "manifest"],
    ["config has no size", { config: { ...layer, size: -1 } }, "manifest"],
    ["layers[0] has no size", { layers: [{ ...layer, size: 2 ** 60 }] }, "manifest"],
    ["it has layers", { manifests: [], layers: [layer] }, "index"],
    ["it has manifests", { config: layer, manifests: [layer] }, "manifest"],
    ["it has fsLayers", { fsLayers: [{ blobSum: a }] }, "manifest"],
    ["it says that it is of the kind index", { mediaType: oci("index.v1+json"), layers: [] }, "manifest"],
  ] as const)("%s", (fault, value, kind) => {
    expect(parse(value, kind).fault).toBe(fault);
  });

  test("more than 10,000 references, or 8 MiB, are not read", () => {
    const many = parse({ layers: Array.from({ length: documentLimits.references + 1 }, () => layer) }, "manifest");
    expect(many).toMatchObject({ truncated: true });
    expect(many.references).toHaveLength(documentLimits.references);
    const large = new Uint8Array(documentLimits.bytes + 1).fill(0x20);
    expect(parseDocument(large, "index")).toEqual({ references: [], truncated: true });
  });

  test("nesting as deep as 8 MiB allow is no JSON, or no object, and no crash", () => {
    const deep = bytes("[".repeat(documentLimits.bytes / 2) + "]".repeat(documentLimits.bytes / 2));
    expect(parseDocument(deep, "index")).toMatchObject({ references: [], fault: "it is no JSON object" });
  });

  test("whatever JSON it is, reading it throws nothing, and each reference is sound", () => {
    const digest = fc.constantFrom<unknown>(a, b, "sha256:", "sha256:00", `SHA256:${"0".repeat(64)}`, 7, null);
    const descriptor = fc.record(
      {
        digest,
        size: fc.oneof(fc.integer(), fc.double(), fc.string()),
        mediaType: fc.oneof(
          fc.constantFrom(oci("index.v1+json"), oci("manifest.v1+json")),
          fc.string(),
          fc.jsonValue(),
        ),
        platform: fc.oneof(
          fc.jsonValue(),
          fc.record({ os: fc.string(), architecture: fc.string(), variant: fc.jsonValue() }),
        ),
        annotations: fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.string())),
      },
      { requiredKeys: [] },
    );
    const list = fc.oneof(fc.array(fc.oneof(descriptor, fc.jsonValue())), fc.jsonValue());
    const document = fc.record(
      {
        manifests: list,
        layers: list,
        blobs: list,
        config: descriptor,
        subject: descriptor,
        mediaType: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const kind = fc.constantFrom<DocumentKind>("index", "manifest", "config");
    fc.assert(
      fc.property(fc.oneof(document, fc.jsonValue()), kind, (value, of) => {
        for (const reference of parse(value, of).references) {
          expect([a, b]).toContain(reference.digest);
          expect(Number.isSafeInteger(reference.size) && reference.size >= 0).toBe(true);
          expect(reference.mediaType.length).toBeLessThanOrEqual(255);
          expect(reference.kind).toBe(documentKind(reference.mediaType));
        }
      }),
      { numRuns: 300 },
    );
    fc.assert(fc.property(fc.uint8Array(), kind, (data, of) => void parseDocument(data, of)));
  });
});

test("labels of children are containerd's: counted by what they are, with no name for what is neither", () => {
  const reference = (mediaType: string, role: Reference["role"] = "layer"): Reference => {
    const kind = documentKind(mediaType);
    return { role, digest: a, mediaType, size: 1, ...(kind && { kind }) };
  };
  const keys = Object.keys(
    childLabels([
      reference(oci("config.v1+json"), "config"),
      reference(oci("layer.v1.tar+gzip")),
      reference("application/vnd.in-toto+json"),
      reference(docker("image.rootfs.diff.tar.gzip")),
      reference(oci("manifest.v1+json"), "manifest"),
      reference(oci("index.v1+json"), "manifest"),
      reference(oci("manifest.v1+json"), "manifest"),
      reference(oci("manifest.v1+json"), "subject"),
    ]),
  );
  expect(keys).toEqual([
    ...["config", "l.0", "0", "l.1", "m.0", "1", "m.1", "subject"].map(
      (name) => `containerd.io/gc.ref.content.${name}`,
    ),
    "containerd.io/gc.bref.content.subject",
  ]);
});

test("the ref of a copy is the one that a containerd pulls under", () => {
  const types = [oci("index.v1+json"), oci("manifest.v1+json"), oci("config.v1+json"), oci("layer.v1.tar"), ""];
  expect(types.map((mediaType) => refKey({ digest: a, mediaType }))).toEqual(
    ["index", "manifest", "config", "layer", "unknown"].map((name) => `${name}-${a}`),
  );
});
