import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { StartError } from "../start-error.ts";
import { hashWorkerHeaders, hashWorkerPath, pageHeaders, partHeaders } from "./page-headers.ts";
import { matchesTag } from "./range.ts";
import type { Request, Response } from "./request.ts";
import { answerText, begin, finish } from "./request.ts";

/** The built pages, held in memory as they were at the start. */
export interface Dashboard {
  /** Answer a GET or HEAD: a page, a part of one, or the page that says there is none. */
  answer(path: string, request: Request, response: Response): void;
}

/** One file as it is sent. */
interface Asset {
  readonly headers: Readonly<Record<string, string>>;
  readonly tag: string;
  /** By content coding; `identity` is always there. */
  readonly bodies: Readonly<Record<string, Uint8Array>>;
}

/** Made by the build beside the pages: the hashes of each page's inline scripts. */
const hashesFile = "csp.json";

/** Content codings of precompressed files, the preferred first, by the ending that the build gives them. */
const codings: Readonly<Record<string, string>> = { br: ".br", gzip: ".gz" };

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};

/**
 * Read the pages that the build made.
 *
 * @param folder the static export
 * @returns absent where there is no such folder: the pages are not built
 * @throws StartError where it cannot be read
 */
export async function openDashboard(folder: string): Promise<Dashboard | undefined> {
  const files = await readFolder(folder);
  if (files === undefined) return undefined;
  const hashes = JSON.parse(files.get(`/${hashesFile}`)?.toString() ?? "{}") as Record<string, readonly string[]>;
  files.delete(`/${hashesFile}`);
  const assets = new Map<string, Asset>();
  for (const [name, body] of files) {
    if (isPrecompressed(name, files)) continue;
    assets.set(routeOf(name), createAsset(name, body, files, hashes[name] ?? []));
  }
  const missing = assets.get("/404");
  return {
    answer(path, request, response) {
      const asset = assets.get(path);
      if (asset !== undefined) sendAsset(asset, 200, request, response);
      else if (missing !== undefined) sendAsset(missing, 404, request, response);
      else answerText(response, 404, "there is no such page");
    },
  };
}

async function readFolder(folder: string): Promise<Map<string, Buffer> | undefined> {
  try {
    if (!existsSync(folder)) return undefined;
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const files = await Promise.all(
      paths.map(async (path): Promise<[string, Buffer]> => {
        return [`/${relative(folder, path).split(sep).join("/")}`, await readFile(path)];
      }),
    );
    return new Map(files);
  } catch (cause) {
    throw new StartError(`cannot read the dashboard in ${folder}; remove it and run npm start`, { cause });
  }
}

function isPrecompressed(name: string, files: ReadonlyMap<string, Buffer>): boolean {
  return Object.values(codings).some((ending) => name.endsWith(ending) && files.has(name.slice(0, -ending.length)));
}

/** Pages are found without their ending; the page of a folder by the folder's name. */
function routeOf(name: string): string {
  if (!name.endsWith(".html")) return name;
  const route = name.slice(0, -".html".length).replace(/\/index$/, "/");
  return route === "/" ? route : route.replace(/\/$/, "");
}

function createAsset(name: string, body: Buffer, files: ReadonlyMap<string, Buffer>, hashes: readonly string[]): Asset {
  const tag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const precompressed = Object.entries(codings).flatMap(([coding, ending]) => {
    const compressed = files.get(name + ending);
    return compressed === undefined ? [] : [[coding, compressed] as const];
  });
  return {
    tag,
    headers: {
      "content-type": contentTypes[extname(name)] ?? "application/octet-stream",
      "cache-control": name.startsWith("/_next/static/") ? "public, max-age=31536000, immutable" : "no-cache",
      etag: tag,
      ...(precompressed.length > 0 && { vary: "accept-encoding" }),
      ...securityHeaders(name, hashes),
    },
    bodies: { ...Object.fromEntries(precompressed), identity: body },
  };
}

function securityHeaders(name: string, hashes: readonly string[]): Readonly<Record<string, string>> {
  if (name.endsWith(".html")) return pageHeaders(hashes);
  return name === hashWorkerPath ? hashWorkerHeaders : partHeaders;
}

function sendAsset(asset: Asset, status: number, request: Request, response: Response): void {
  if (status === 200 && matchesTag(request.headers["if-none-match"], asset.tag)) {
    begin(response, 304, asset.headers);
    return finish(response);
  }
  const coding = chooseCoding(request.headers["accept-encoding"], asset);
  const body = asset.bodies[coding] ?? new Uint8Array(0);
  begin(response, status, {
    ...asset.headers,
    "content-length": String(body.length),
    ...(coding !== "identity" && { "content-encoding": coding }),
  });
  finish(response, request.method === "HEAD" ? undefined : body);
}

/** The preferred coding that the client takes; weights other than 0 are all the same. */
function chooseCoding(accepted: string | string[] | undefined, { bodies }: Asset): string {
  const taken = String(accepted ?? "")
    .split(",")
    .map((one) => one.trim().toLowerCase())
    .filter((one) => !/;\s*q=0(?:\.0*)?$/.test(one))
    .map((one) => one.split(";", 1)[0]);
  return Object.keys(codings).find((coding) => bodies[coding] !== undefined && taken.includes(coding)) ?? "identity";
}
