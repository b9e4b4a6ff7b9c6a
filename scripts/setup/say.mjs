/**
 * Tell people what is being done, as it may take a while.
 *
 * @param {string} line
 */
export function say(line) {
  process.stdout.write(`set-up: ${line}\n`);
}
