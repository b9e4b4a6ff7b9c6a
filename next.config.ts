import type { NextConfig } from "next";

/** The dashboard is plain files: `next build` writes them to out/, and server/ serves them. */
const config: NextConfig = {
  output: "export",
  generateBuildId: () => "static",
  turbopack: { root: import.meta.dirname },
  images: { unoptimized: true },
  reactStrictMode: true,
};

export default config;
