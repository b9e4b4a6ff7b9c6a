import { expect, test } from "vitest";
import { createImage } from "../../content/remote/images.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import type { Plugin } from "../../server/plugins/plugin.ts";
import { catalogPlugin, createCatalogService } from "../../server/services/catalog.ts";
import { startHttp } from "../server/registry/http-server.ts";
import { grpcTransport } from "../support/grpc.ts";
import { descriptor, json, mediaTypes } from "../support/oci-archive.ts";
import { browserForTests, textOf } from "./browser.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

/** What a server is made of, which may ask that registry. */
function asking(host: string): readonly Plugin[] {
  const registries = { [host]: { plain_http: true, allow_private: true } };
  const open: Plugin["open"] = async (context) =>
    createCatalogService(context.get("metadata"), { stopping: context.stopping, failed: () => undefined, registries });
  return builtinPlugins.map((plugin) => (plugin === catalogPlugin ? { ...plugin, open } : plugin));
}

test("what an image lacks is fetched from its panel, can be cancelled, and a registry that may not be asked is said", async () => {
  const layer = Buffer.alloc(5000, "layer");
  const config = json({ architecture: "amd64", os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [] } });
  const parts = { config: descriptor(mediaTypes.config, config), layers: [descriptor(mediaTypes.layer, layer)] };
  const manifest = json({ schemaVersion: 2, mediaType: mediaTypes.manifest, ...parts });
  const target = { ...descriptor(mediaTypes.manifest, manifest), annotations: {} };
  const contents = new Map([manifest, config, layer].map((each) => [descriptor("", each).digest as string, each]));
  let isSlow = true;
  const registry = await startHttp(({ url }, response) => {
    if (!isSlow) response.end(contents.get(url?.split("/").at(-1) ?? ""));
  });
  const server = await startPageServer(asking(registry.host));
  const transport = grpcTransport(server.socket);
  const other = { ...target, ...descriptor(mediaTypes.manifest, Buffer.from("other")) };
  const images = { [`${registry.host}/team/app:1`]: target, "10.0.0.1/other:1": other };
  for (const [name, each] of Object.entries(images)) {
    await createImage(transport, { namespace: "n" }, { name, labels: {}, target: each });
  }

  const { page } = await visit(`${server.url}/images?peek=n/${encodeURIComponent(`${registry.host}/team/app:1`)}`);
  const panel = page.getByRole("complementary", { name: "Image" });
  const fetch = async () => {
    await panel.getByRole("button", { name: "Re-fetch missing…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Fetch", exact: true }).click();
  };
  await fetch();
  await panel.getByText("0 of 1").waitFor();
  await panel.getByRole("button", { name: "Cancel" }).click();
  await panel.getByText("It was cancelled").waitFor();
  isSlow = false;
  await fetch();
  await expect.poll(() => textOf(panel)).toContain("3/3");
  await expect.poll(() => panel.getByRole("list", { name: "Missing blobs" }).count()).toBe(0);

  await page.getByRole("row").filter({ hasText: "other" }).click();
  await panel.getByText("10.0.0.1/other:1").first().waitFor();
  await fetch();
  await panel.getByText("10.0.0.1 is not a public address").waitFor();
});
