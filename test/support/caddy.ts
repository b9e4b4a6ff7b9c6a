import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startDaemon } from "./daemon.ts";
import type { StartProxy } from "./proxy.ts";
import { ownAddress, proxyPort } from "./proxy.ts";
import { shownOnPage } from "./shown.ts";
import { makeTempDir } from "./temp-dir.ts";

/** Caddy, with a certificate in the place of the one that it would get by itself, and nothing outside the test's folder. */
export const startCaddy: StartProxy = async (upstream, { cert, key }) => {
  const folder = await makeTempDir();
  const host = ownAddress();
  const shown = await shownOnPage("reverse_proxy", [
    [/^stowage\.example \{$/gm, `stowage.example:${proxyPort} {\n\tbind ${host}\n\ttls ${cert} ${key}`],
    [/127\.0\.0\.1:3000/g, upstream],
  ]);
  const file = join(folder, "Caddyfile");
  const own = `{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system ${folder}\n}\n`;
  await writeFile(file, `${own}\n${shown}`);
  const args = ["run", "--config", file, "--adapter", "caddyfile"];
  const { daemon } = await startDaemon("caddy", args, (output) => /serving initial configuration/.exec(output)?.[0], {
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_DATA_HOME: folder,
  });
  onTestFinished(() => daemon.kill("SIGKILL"));
  return { host, port: proxyPort };
};
