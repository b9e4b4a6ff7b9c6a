import { rolldown } from "rolldown";

/**
 * Put an entry and all that it needs into one module, as small as it gets; what it loads later is one beside it.
 *
 * @param {string} entry such as `content/index.ts`
 * @param {string} folder that `index.js` is written to
 */
export async function bundleForBrowsers(entry, folder) {
  const bundle = await rolldown({
    input: entry,
    platform: "browser",
    transform: { target: "es2022" },
    logLevel: "warn",
  });
  try {
    await bundle.write({ dir: folder, format: "es", minify: true, chunkFileNames: "[name].js" });
  } finally {
    await bundle.close();
  }
}
