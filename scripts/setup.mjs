// Makes ready what the steps named on the command line need. Runs on the machine's own Node, and has nothing in it that an old one
// cannot read, so that it can say so.
const oldest = 18;

if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(
    `set-up: Node ${oldest} or later is needed, and this is ${process.versions.node}; https://nodejs.org/download has one\n`,
  );
  process.exitCode = 1;
} else {
  import("./setup/steps.mjs").then((module) => module.setUp(process.argv.slice(2)));
}
