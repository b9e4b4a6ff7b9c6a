// Checks all that can be checked without running the project; prints what is wrong, and ends with 1 where anything is.
import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { boundaryFaults } from "./check/boundaries.mjs";
import { generatedFaults } from "./check/generated.mjs";
import { lockFaults } from "./check/lock.mjs";
import { programs, root } from "./setup/paths.mjs";

/** How many checks run at once. */
const atOnce = 2;

/** @type {Record<string, () => Promise<string>>} what is wrong, by what is checked; empty where nothing is */
const checks = {
  "lint and format": () =>
    runProgram("biome", ["check", "--error-on-warnings", "--colors=off", "--max-diagnostics=100"]),
  "types of the dashboard": () => runProgram("tsc", ["-p", "."]),
  "types of content": () => runProgram("tsc", ["-p", "content"]),
  "types of the server": () => runProgram("tsc", ["-p", "server"]),
  "types of the tests": () => runProgram("tsc", ["-p", "test"]),
  "types of the scripts": () => runProgram("tsc", ["-p", "scripts"]),
  "unused code": () => runProgram("knip", ["--no-progress"]),
  "proto files": () => runProgram("buf", ["lint"]),
  "generated code": async () => (await generatedFaults(runProgram)).join("\n"),
  boundaries: async () => (await boundaryFaults(root)).join("\n"),
  "lock file": async () => (await lockFaults(root)).join("\n"),
};

const waiting = Object.entries(checks);
const failed = [];

async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, check] = next;
    const faults = await check();
    if (faults === "") continue;
    failed.push(name);
    process.stdout.write(`check: ${name}\n${faults.trimEnd()}\n\n`);
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<string>} all that it printed where it failed; empty where it did not
 */
function runProgram(program, args) {
  const env = { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}`, NO_COLOR: "1" };
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`${error.message}; npm start installs what is missing`));
    child.once("close", (code) => resolve(code === 0 ? "" : output || `${program} ended with ${code}`));
  });
}

await Promise.all(Array.from({ length: atOnce }, work));
process.stdout.write(failed.length === 0 ? "check: all is well\n" : `check: wrong: ${failed.join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
