import { randomInt } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { MadeCertificate } from "./certificate.ts";
import { startDaemon } from "./daemon.ts";
import { makeTempDir } from "./temp-dir.ts";

const page = join(import.meta.dirname, "..", "..", "docs", "deploy.md");

/** A port of TLS that needs no rights. */
const port = 8443;

/** Where nginx listens. */
export interface Nginx {
  readonly host: string;
  readonly port: number;
}

/**
 * Start nginx for one test with what docs/deploy.md shows: only addresses and paths are others.
 *
 * @param upstream `HOST:PORT` of the server behind it
 */
export async function startNginx(upstream: string, { cert, key }: MadeCertificate): Promise<Nginx> {
  const folder = await makeTempDir();
  // An address of loopback of its own, since nginx cannot be told to take any port.
  const host = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const shown = replaced(await snippet(), [
    [/server 127\.0\.0\.1:3000;/g, `server ${upstream};`],
    [/listen 443 ssl/g, `listen ${host}:${port} ssl`],
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
  return { host, port };
}

async function snippet(): Promise<string> {
  const text = /```nginx\n(?<text>[^`]+)```/.exec(await readFile(page, "utf8"))?.groups?.["text"];
  if (text === undefined) throw new Error(`${page} shows no nginx`);
  return text;
}

/** @throws where there is nothing to replace: the page has changed */
function replaced(text: string, pairs: readonly (readonly [RegExp, string])[]): string {
  return pairs.reduce((before, [pattern, value]) => {
    const after = before.replaceAll(pattern, value);
    if (after === before) throw new Error(`${page} does not show ${pattern}`);
    return after;
  }, text);
}
