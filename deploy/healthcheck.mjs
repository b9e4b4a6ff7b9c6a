// Asks the server of a data directory whether it lives: node healthcheck.mjs [DATA], else that of STOWAGE_DATA. Status 1 where it does not answer.
import { readFile } from "node:fs/promises";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { join } from "node:path";

/** A server that needs longer hangs, in milliseconds. */
const patienceMs = 5_000;

const data = process.argv[2] ?? process.env["STOWAGE_DATA"] ?? "data";
try {
  const status = await ask(await findAddress());
  if (status !== 200) throw new Error(`it answers with status ${status}`);
} catch (error) {
  process.stderr.write(`healthcheck: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/**
 * The server writes down where it answers. A socket goes before what may have TLS or sign-in on it.
 *
 * @returns {Promise<string>} `unix:` and a path, or a URL
 */
async function findAddress() {
  // A path may have blanks in it.
  const [, ...addresses] = (await readFile(join(data, "server.txt"), "utf8")).trim().split(/ (?=unix:|https?:)/);
  const address = addresses.find((each) => each.startsWith("unix:")) ?? addresses[0];
  if (address === undefined) throw new Error("it is starting");
  return address;
}

/**
 * @param {string} address
 * @returns {Promise<number | undefined>} the status of its answer
 */
function ask(address) {
  const request = address.startsWith("https:") ? requestSecure : requestPlain;
  const place = address.startsWith("unix:")
    ? { socketPath: address.slice("unix:".length), path: "/healthz" }
    : placeOf(new URL(address));
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patienceMs);
    const silent = new Error(`it did not answer within ${patienceMs / 1000} s`);
    request({ ...place, signal, agent: false }, (response) => {
      resolve(response.statusCode);
      // The rest may never come, and would keep this process until its patience is over.
      response.destroy();
    })
      .on("error", (error) => reject(signal.aborted ? silent : error))
      .end();
  });
}

/**
 * Its certificate is for a name, and who is asked is this machine.
 *
 * @param {URL} url
 */
function placeOf({ hostname, port }) {
  return { host: hostname.replace(/^\[|\]$/g, ""), port, path: "/healthz", rejectUnauthorized: false };
}
