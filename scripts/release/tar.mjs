/** A time that stands for none: what npm gives the files of its packages, so that the same files make the same archive. */
const mtimeSeconds = 499_162_500;

const blockBytes = 512;

/**
 * Write files as a tar archive (POSIX.1-1988 ustar), in the order of their paths.
 *
 * @param {string} folder that all of them are in
 * @param {readonly import("./files.mjs").ReleaseFile[]} files
 * @returns {Generator<Buffer>}
 */
export function* tarOf(folder, files) {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, body, runs } of sorted) {
    yield header(`${folder}/${path}`, body.length, runs === true ? 0o755 : 0o644);
    yield body;
    yield Buffer.alloc(-body.length & (blockBytes - 1));
  }
  yield Buffer.alloc(2 * blockBytes);
}

/**
 * @param {string} path
 * @param {number} size
 * @param {number} mode
 */
function header(path, size, mode) {
  const block = Buffer.alloc(blockBytes);
  const { prefix, name } = split(path);
  block.write(name, 0);
  writeNumber(block, 100, 8, mode);
  writeNumber(block, 108, 8, 0);
  writeNumber(block, 116, 8, 0);
  writeNumber(block, 124, 12, size);
  writeNumber(block, 136, 12, mtimeSeconds);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  block.write("root", 265);
  block.write("root", 297);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** The header has room for 100 bytes of a path, and for 155 before its last slashes. @param {string} path */
function split(path) {
  if (Buffer.byteLength(path) <= 100) return { prefix: "", name: path };
  const at = path.indexOf("/", path.length - 101);
  if (at < 1 || at > 155) throw new Error(`${path} is too long for an archive`);
  return { prefix: path.slice(0, at), name: path.slice(at + 1) };
}

/**
 * @param {Buffer} block
 * @param {number} at
 * @param {number} width
 * @param {number} value
 */
function writeNumber(block, at, width, value) {
  block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at);
}
