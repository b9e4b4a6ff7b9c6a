import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";

/** Sections of the project's README that hold for a release too. */
const kept = ["A first tour with `ctr`", "What it does to your data", "What it is not", "Licence"];

/**
 * The README of a release: how it is started, and what of the project's README is not about its code.
 *
 * @param {string} version
 * @param {number} nodeMajor
 * @throws where the project's has no such section
 */
export async function readmeOf(version, nodeMajor) {
  const [intro = "", ...sections] = (await readFile(join(root, "README.md"), "utf8")).split(/^## /m);
  const texts = kept.map((title) => {
    const found = sections.find((section) => section.startsWith(`${title}\n`));
    if (found === undefined) throw new Error(`README.md has no section ${title}`);
    return `## ${found.trimEnd()}\n`;
  });
  const what = intro.split("\n\n").filter((paragraph) => !paragraph.startsWith("!["));
  return [what.join("\n\n").trimEnd(), "", start(version, nodeMajor), ...texts].join("\n");
}

/**
 * @param {string} version
 * @param {number} nodeMajor
 */
function start(version, nodeMajor) {
  return `## Start

\`\`\`sh
bin/stowage      # version ${version}; serves on http://127.0.0.1:3000 and data/stowage.sock, and says so in one line
bin/stowage --help
\`\`\`

It needs nothing but Node ${nodeMajor} or later in \`PATH\`, or no Node at all if the release has one in it. See [docs/deploy.md](docs/deploy.md) for how to run it as a
service, [docs/config.md](docs/config.md) for the config, [docs/access.md](docs/access.md) for tokens and roles, [docs/audit.md](docs/audit.md) for the record of changes, and
[docs/metrics.md](docs/metrics.md) for numbers for Prometheus.
`;
}
