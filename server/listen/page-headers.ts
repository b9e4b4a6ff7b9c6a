/** On everything that is served for the page. */
const everywhere: Readonly<Record<string, string>> = {
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** Rules of a page's content that do not depend on the page. */
const rules = [
  "default-src 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "style-src-elem 'self'",
  "style-src-attr 'unsafe-inline'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
];

/**
 * Headers of a page. Scripts are the server's own files and the inline ones that the build made.
 *
 * @param hashes of its inline scripts, as `'sha256-…'`
 */
export function pageHeaders(hashes: readonly string[]): Readonly<Record<string, string>> {
  const scripts = ["script-src 'self'", ...hashes].join(" ");
  return {
    ...everywhere,
    "content-security-policy": [...rules, scripts].join("; "),
    "cross-origin-opener-policy": "same-origin",
  };
}

/** Headers of everything else; a worker takes its policy from its own script. */
export const partHeaders: Readonly<Record<string, string>> = {
  ...everywhere,
  "content-security-policy": [
    "default-src 'none'",
    "connect-src 'self'",
    "script-src 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
};

/** The script of the worker that hashes files. */
export const hashWorkerPath = "/hash-worker.js";

/** Its headers. It alone compiles wasm, and reaches nothing: it is given the file, and tells its digest. */
export const hashWorkerHeaders: Readonly<Record<string, string>> = {
  ...everywhere,
  "content-security-policy": ["default-src 'none'", "script-src 'wasm-unsafe-eval'", "frame-ancestors 'none'"].join(
    "; ",
  ),
};
