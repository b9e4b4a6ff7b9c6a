import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startDaemon } from "./daemon.ts";
import type { StartProxy } from "./proxy.ts";
import { ownAddress, proxyPort } from "./proxy.ts";
import { shownOnPage } from "./shown.ts";
import { makeTempDir } from "./temp-dir.ts";

/** nginx, as one process of the test's user that keeps everything in the test's folder. */
export const startNginx: StartProxy = async (upstream, { cert, key }) => {
  const folder = await makeTempDir();
  const host = ownAddress();
  const shown = await shownOnPage("listen 443 ssl", [
    [/server 127\.0\.0\.1:3000;/g, `server ${upstream};`],
    [/listen 443 ssl/g, `listen ${host}:${proxyPort} ssl`],
    [/^ *listen \[::\]:443 .*\n/gm, ""],
    [/\/etc\/nginx\/tls\/fullchain\.pem/g, cert],
    [/\/etc\/nginx\/tls\/privkey\.pem/g, key],
  ]);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const file = join(folder, "nginx.conf");
  await mkdir(join(folder, "client_body"));
  await writeFile(
    file,
    `daemon off; master_process off; pid ${join(folder, "pid")}; error_log stderr notice;
    events {}
    http { access_log off; ${temporary.join(" ")}
    ${shown} }`,
  );
  const args = ["-c", file, "-p", folder, "-e", "stderr"];
  const { daemon } = await startDaemon("nginx", args, (output) => /RLIMIT_NOFILE/.exec(output)?.[0]);
  onTestFinished(() => daemon.kill("SIGKILL"));
  return { host, port: proxyPort };
};
