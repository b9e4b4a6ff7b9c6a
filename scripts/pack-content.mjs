// Makes the package of content/ as `npm install` takes it, in dist/ or the folder that is given; prints its path.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { packContent } from "./pack/pack.mjs";
import { root } from "./setup/paths.mjs";

const folder = resolve(process.argv[2] ?? join(root, "dist"));
await mkdir(folder, { recursive: true });
process.stdout.write(`${await packContent(folder)}\n`);
