import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const repository = join(import.meta.dirname, "..", "..", "..");

/** Packages that the library imports, as it names them. */
const packages = [
  "@bufbuild/protobuf",
  "@bufbuild/protobuf/codegenv2",
  "@bufbuild/protobuf/reflect",
  "@bufbuild/protobuf/wire",
  "@bufbuild/protobuf/wkt",
  "@connectrpc/connect",
  "@connectrpc/connect-web",
  "@connectrpc/connect/protocol",
  "@connectrpc/connect/protocol-connect",
  "@connectrpc/connect/protocol-grpc",
  "@connectrpc/connect/protocol-grpc-web",
];

const imports = Object.fromEntries(
  packages.map((name) => [name, `/${relative(repository, fileURLToPath(import.meta.resolve(name)))}`]),
);

const page = `<!doctype html>
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/test/browser/other-origin/client.ts"></script>`;

/**
 * Serve a page that has the library, module by module and without a build, as an application of somebody else would.
 *
 * @returns its origin
 */
export async function servePages(): Promise<string> {
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const type = path === "/" ? "text/html" : "text/javascript";
    contentOf(path).then(
      (content) => response.writeHead(200, { "content-type": type }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function contentOf(path: string): Promise<string> {
  if (path === "/") return page;
  const text = await readFile(join(repository, normalize(path)), "utf8");
  return path.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
}
