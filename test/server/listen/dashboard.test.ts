import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openDashboard } from "../../../server/listen/dashboard.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { ask, serve } from "./serve.ts";

const script = "console.log('x')".repeat(100);
const hash = "'sha256-abc='";

/** A static export as the build leaves it. */
async function build(): Promise<string> {
  const folder = join(await makeTempDir(), "out");
  const files: Record<string, string | Buffer> = {
    "index.html": "<p>home</p>",
    "content.html": "<p>content</p>",
    "blob/index.html": "<p>blob</p>",
    "404.html": "<p>missing</p>",
    "content.txt": "data of the page",
    "_next/static/chunks/a.js": script,
    "_next/static/chunks/a.js.br": brotliCompressSync(script),
    "_next/static/chunks/a.js.gz": gzipSync(script),
    "_next/static/media/font.woff2": "font",
    "hash-worker.js": script,
    "icon.svg": "<svg/>",
    "data.unknown": "?",
    "csp.json": JSON.stringify({ "/index.html": [hash], "/404.html": ["'sha256-404='"] }),
  };
  for (const [name, body] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), body);
  }
  return folder;
}

const open = async () => (await serve({ dashboard: await build() })).url;

describe("a page", () => {
  test("is found without its ending, with its own policy for scripts", async () => {
    const url = await open();
    const answer = await ask(`${url}/`);
    expect([answer.status, answer.text]).toEqual([200, "<p>home</p>"]);
    const policy = answer.headers["content-security-policy"] as string;
    expect(policy.split("; ")).toContain(`script-src 'self' ${hash}`);
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]) {
      expect(policy.split("; ")).toContain(rule);
    }
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });

  test("gets no script's hash of another page", async () => {
    const url = await open();
    const { headers } = await ask(`${url}/content`);
    expect((headers["content-security-policy"] as string).split("; ")).toContain("script-src 'self'");
  });

  test.for([
    ["/content?q=x", "<p>content</p>"],
    ["/blob?d=sha256:1", "<p>blob</p>"],
    ["/content.txt", "data of the page"],
  ])("%s is answered", async ([path, text]) => {
    expect((await ask(`${await open()}${path}`)).text).toBe(text);
  });

  test("that there is none is told by a page, with its policy, status 404, and never as not modified", async () => {
    const url = await open();
    for (const path of [
      "/none",
      "/content/",
      "/csp.json",
      "/..%2f..%2fetc/passwd",
      "/_next/static/none.js",
      "/content.html",
    ]) {
      const answer = await ask(`${url}${path}`, { headers: { "if-none-match": "*" } });
      expect([path, answer.status, answer.text]).toEqual([path, 404, "<p>missing</p>"]);
      expect(answer.headers["content-security-policy"]).toContain("'sha256-404='");
    }
  });

  test("is not sent again to who has it, nor its body to HEAD", async () => {
    const url = await open();
    const { headers } = await ask(`${url}/`);
    const again = await ask(`${url}/`, { headers: { "if-none-match": headers.etag } });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
    expect(again.headers["content-security-policy"]).toBe(headers["content-security-policy"]);
    const head = await ask(`${url}/`, { method: "HEAD" });
    expect([head.status, head.body.length, head.headers["content-length"]]).toEqual([200, 0, "11"]);
  });
});

describe("a part of a page", () => {
  const part = "/_next/static/chunks/a.js";

  test.for<[string | undefined, string | undefined]>([
    ["gzip, deflate, br", "br"],
    ["BR", "br"],
    ["gzip", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["br;q=0.0", undefined],
    ["identity", undefined],
    [undefined, undefined],
  ])("for who accepts %j is coded as %j", async ([accepted, coding]) => {
    const url = await open();
    const answer = await ask(`${url}${part}`, {
      headers: accepted === undefined ? {} : { "accept-encoding": accepted },
    });
    expect(answer.headers["content-encoding"]).toBe(coding);
    expect(answer.headers.vary).toBe("accept-encoding");
    expect(answer.headers["content-length"]).toBe(String(answer.body.length));
    const decode = { br: brotliDecompressSync, gzip: gunzipSync, none: (body: Buffer) => body }[coding ?? "none"];
    expect(decode?.(answer.body).toString()).toBe(script);
  });

  test("may be kept for ever where its name tells its content, and runs by a policy of its own", async () => {
    const url = await open();
    const { headers } = await ask(`${url}${part}`);
    expect(headers).toMatchObject({
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "text/javascript; charset=utf-8",
    });
    expect(headers["content-security-policy"]).toContain("script-src 'self'");
    expect((await ask(`${url}/icon.svg`)).headers["cache-control"]).toBe("no-cache");
  });

  test("compiles wasm only where it hashes files, and reaches nothing there", async () => {
    const url = await open();
    const policyOf = async (path: string) => (await ask(`${url}${path}`)).headers["content-security-policy"];
    const rules = ["default-src 'none'", "script-src 'wasm-unsafe-eval'", "frame-ancestors 'none'"];
    expect(await policyOf("/hash-worker.js")).toBe(rules.join("; "));
    for (const path of [part, "/", "/content"]) expect(await policyOf(path)).not.toContain("wasm");
  });

  test("is told by its type, and what is not known by none", async () => {
    const url = await open();
    const typeOf = async (path: string) => (await ask(`${url}${path}`)).headers["content-type"];
    expect(await typeOf("/icon.svg")).toBe("image/svg+xml");
    expect(await typeOf("/_next/static/media/font.woff2")).toBe("font/woff2");
    expect(await typeOf("/data.unknown")).toBe("application/octet-stream");
  });
});

test("pages that are not built are none: the rest is served", async () => {
  const folder = join(await makeTempDir(), "out");
  expect(await openDashboard(folder)).toBeUndefined();
  const { url, text } = await serve({ dashboard: folder });
  expect((await ask(`${url}/`)).status).toBe(404);
  expect((await ask(`${url}/healthz`)).status).toBe(200);
  expect(text()).toContain("the pages are not built");
});
