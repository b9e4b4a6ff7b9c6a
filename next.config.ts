import type { NextConfig } from "next";
import packageJson from "./package.json" with { type: "json" };

/** The dashboard is plain files: `next build` writes them to out/, and server/ serves them. */
const config: NextConfig = {
  output: "export",
  // The page learns which version it is: its server may be another one later.
  env: { STOWAGE_VERSION: packageJson.version },
  generateBuildId: () => "static",
  turbopack: { root: import.meta.dirname },
  images: { unoptimized: true },
  reactStrictMode: true,
};

export default config;
