import { expect, test } from "vitest";
import type { ComparedKind } from "../../../content/compare/report.ts";
import { childLabels, parseDocument } from "../../../content/references.ts";
import { listDifferences } from "../../../content/remote/compare.ts";
import type { Labels, Store } from "../../../content/store.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { ociLayoutPlugin } from "../../../server/stores/oci-layout/plugin.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { sha256 } from "../services/calls.ts";
import { openTestLayout, putBlob, writeIndex } from "../stores/oci-layout/support.ts";
import { putLabelled, serveSides, serveWithNode, side } from "./sides.ts";

const types = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
} as const;

const refName = "org.opencontainers.image.ref.name";

const named = (text: string, mediaType: string, annotations = {}) => {
  return { digest: sha256(text), size: text.length, mediaType, annotations };
};

/** An image with a statement about it, as BuildKit makes them: each blob's text, with what it is. */
function attestedImage() {
  const [config, layer, statement] = ['{"os":"linux"}', "a layer", '{"predicate":{}}'];
  const manifest = JSON.stringify({ config: named(config, types.config), layers: [named(layer, types.layer)] });
  const noConfig = '{"os":"unknown"}';
  const told = named(statement, "application/vnd.in-toto+json", {
    "in-toto.io/predicate-type": "https://spdx.dev/Document",
  });
  const attests = JSON.stringify({ config: named(noConfig, types.config), layers: [told] });
  const about = {
    "vnd.docker.reference.type": "attestation-manifest",
    "vnd.docker.reference.digest": sha256(manifest),
  };
  const manifests = [named(manifest, types.manifest), named(attests, types.manifest, about)];
  const index = JSON.stringify({ manifests });
  const kinds: readonly (readonly [text: string, kind: ComparedKind])[] = [
    [index, "index"],
    [manifest, "manifest"],
    [attests, "attestation"],
    [statement, "attestation"],
    [config, "config"],
    [noConfig, "config"],
    [layer, "layer"],
  ];
  return { index, kinds };
}

/** The labels that a containerd gives a document when it pulls it. */
function labelsOf(text: string): Labels {
  const bytes = new TextEncoder().encode(text);
  const references = (["index", "manifest"] as const).flatMap((kind) => parseDocument(bytes, kind).references);
  return childLabels(references);
}

async function putAll(store: Store, texts: readonly string[], labels: (text: string) => Labels): Promise<void> {
  for (const text of texts) await putLabelled(store, text, labels(text));
}

test("blobs of a node are what labels and documents say that they are, and can be told by kind", async () => {
  const { kinds } = attestedImage();
  const served = await serveWithNode();
  const texts = [...kinds.map(([text]) => text), "nobody names this"];
  await putAll(served.in("far", "n"), texts, labelsOf);
  const report = await served.compare(side("", "n"), side("far", "n"));
  const page = async (more: object) =>
    (await listDifferences(served.web, { report: report.id, part: "only-b", ...more })).rows;
  const told = new Map((await page({})).map(({ digest, kind }) => [digest, kind]));
  const wanted = new Map<string, ComparedKind>(kinds.map(([text, kind]) => [sha256(text), kind]));
  expect(told).toEqual(wanted.set(sha256("nobody names this"), "unknown"));

  const amounts = new Map(report.kinds.map(({ part, kind, blobs }) => [`${part} ${kind}`, blobs]));
  expect(amounts).toEqual(
    new Map([
      ["only-b unknown", 1],
      ["only-b attestation", 2],
      ["only-b index", 1],
      ["only-b manifest", 1],
      ["only-b config", 2],
      ["only-b layer", 1],
    ]),
  );
  const configs = [sha256('{"os":"unknown"}'), sha256('{"os":"linux"}')];
  const digestsOf = async (more: object) => (await page({ kind: "config", ...more })).map(({ digest }) => digest);
  expect(await digestsOf({})).toEqual(configs);
  expect(await digestsOf({ orderBy: "size" })).toEqual(configs.toReversed());
  expect(await digestsOf({ orderBy: "digest" })).toEqual(configs.toSorted());
  expect(await digestsOf({ orderBy: "digest desc", skip: 1 })).toEqual(configs.toSorted().slice(0, 1));
  const first = await listDifferences(served.web, { report: report.id, part: "only-b", kind: "config", size: 1 });
  expect([first.total, first.rows[0]?.digest]).toEqual([2, configs[0]]);
  const next = { report: report.id, part: "only-b", size: 1, token: first.nextToken } as const;
  expect((await listDifferences(served.web, { ...next, kind: "config" })).rows[0]?.digest).toBe(configs[1]);
  await expect(listDifferences(served.web, next)).rejects.toMatchObject({ kind: "invalid-argument" });
});

test("of a folder, which keeps no labels, kinds are known by the image that it lists, and by what its documents name", async () => {
  const { index, kinds } = attestedImage();
  const listed = { manifests: [{ ...named(index, types.index), annotations: { [refName]: "app:1" } }] };
  const { root: path } = await openTestLayout();
  await writeIndex(path, listed);
  for (const text of [...kinds.map(([each]) => each), "nobody names this"]) await putBlob(path, Buffer.from(text));
  const plugin = ociLayoutPlugin as unknown as Plugin;
  const served = await serveSides({ name: "folder", plugin, config: { path } });
  // Until it was looked at once, calls say how far that is.
  const report = await waitUntil(() => served.compare(side(""), side("folder")).catch(() => undefined));
  const { rows } = await listDifferences(served.web, { report: report?.id ?? "", part: "only-b" });
  const told = new Map(rows.map(({ digest, kind }) => [digest, kind]));
  const wanted = new Map<string, ComparedKind>(kinds.map(([text, kind]) => [sha256(text), kind]));
  expect(told).toEqual(wanted.set(sha256("nobody names this"), "unknown"));
});
