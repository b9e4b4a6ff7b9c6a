import { BenchError } from "../bench-error.ts";
import { kept } from "../disk.ts";
import { fill } from "./fill.ts";

/** Blobs between two lines about how far it is. */
const progressBlobs = 100_000;

/** Most blobs that one directory is filled with. */
const maxBlobs = 10_000_000;

/** `bench fill N`: fill a data directory and print how long it took, and what is on disk. */
export async function runFill([amount = "", ...more]: readonly string[], root: string, seed: string): Promise<void> {
  const count = Number(amount);
  if (more.length > 0 || !/^\d+$/.test(amount) || count < 1 || count > maxBlobs) {
    throw new BenchError(`fill takes one number of blobs, 1 to ${maxBlobs}, such as: npm run bench -- fill 1000000`);
  }
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  let told = 0;
  const filled = await fill({
    root,
    count,
    seed,
    onProgress(blobs) {
      if (blobs - told < progressBlobs) return;
      told = blobs - (blobs % progressBlobs);
      print(`${blobs} blobs, ${seconds().toFixed(1)} s`);
    },
  });
  const took = seconds();
  const { files, database } = await kept(root);
  print(`${filled.blobs} blobs in ${filled.rows} rows, ${filled.bytes} bytes, in ${took.toFixed(1)} s`);
  print(`${Math.round(filled.blobs / took)} blobs/s, ${Math.round(filled.rows / took)} rows/s`);
  print(`on disk: blobs ${files} bytes, metadata.db ${database} bytes`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
