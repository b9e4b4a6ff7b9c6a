import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { root } from "./paths.mjs";
import { say } from "./say.mjs";
import { SetupError } from "./setup-error.mjs";

const lockFile = join(root, ".setup.lock");

const lookAgainMs = 500;

/**
 * Wait until no other set-up works on this folder, and keep others waiting from then on.
 *
 * The file names the process that holds it; one left by a process that is no more is taken over.
 *
 * @returns {Promise<() => void>} lets the next one go on; done by itself when this process ends
 * @throws {SetupError} where the folder cannot be written to
 */
export async function takeLock() {
  for (let hasSaid = false; !tryLock(); ) {
    const holder = holderOf(lockFile);
    if (holder !== undefined && !isRunning(holder)) {
      removeLeft(holder);
    } else {
      if (!hasSaid)
        say(`waiting for process ${holder ?? "?"}, which sets up this folder (if it does not, remove ${lockFile})`);
      hasSaid = true;
      await after(lookAgainMs);
    }
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once("exit", release);
  return () => {
    process.removeListener("exit", release);
    release();
  };
}

function tryLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "EEXIST") return false;
    const reason = `cannot write to ${root} (${error.code})`;
    throw new SetupError(
      `${reason}; run this as its owner, or start what is built with node_modules/.bin/node server/main.ts`,
    );
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} absent where the file is gone, or not yet written
 */
function holderOf(file) {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Remove what a dead process left, by renaming: of two who try, one finds the file, and it may be another's by then.
 *
 * @param {number} dead
 */
function removeLeft(dead) {
  const aside = `${lockFile}.${process.pid}`;
  try {
    renameSync(lockFile, aside);
  } catch {
    return;
  }
  if (holderOf(aside) === dead) rmSync(aside, { force: true });
  else renameSync(aside, lockFile);
}
