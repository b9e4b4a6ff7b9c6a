// Adds to package-lock.json what npm left out of it; run after every `npm install`.
import { readFile, writeFile } from "node:fs/promises";
import { missingEntries } from "./lock/missing.mjs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(await readFile(file, "utf8"));
const missing = missingEntries(lock);
const packages = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
await writeFile(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
process.stdout.write(`package-lock.json: ${Object.keys(missing).length} packages for other machines added\n`);
