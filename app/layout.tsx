import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { Shell } from "./_shell/shell.tsx";
import { beforePaint } from "./_shell/theme.ts";
import "./_ui/global.css";

const sans = localFont({
  src: "../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-sans",
  adjustFontFallback: "Arial",
});
const mono = localFont({
  src: "../node_modules/@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-mono",
  adjustFontFallback: false,
});

export const metadata: Metadata = {
  description: "A content store you open in a browser",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
};

/** Every page: the theme before the first paint, the typefaces, the shell. */
export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        {/* Not in the metadata, which Next puts into the page later on: of several titles the browser shows the first, and each page puts its own before this one. */}
        <title>Stowage</title>
        {/* Nor are these: Next takes out what is there and puts it in again with each change of page, and a browser then styles all of the page anew. */}
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#f9fafb" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0b0d11" media="(prefers-color-scheme: dark)" />
        <script>{beforePaint}</script>
      </head>
      <body>
        <NuqsAdapter>
          <Shell>{children}</Shell>
        </NuqsAdapter>
      </body>
    </html>
  );
}
