import { crc32, deflateSync } from "node:zlib";

/** Colours of a palette: the commonest, and then those that stand out most from what is chosen. */
const commonest = 160;
const mostColours = 256;

/**
 * A picture as a PNG with a palette: at most 256 of its colours, the others as the nearest of them.
 *
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} rgba
 */
export function encodePalettePng(width, height, rgba) {
  const { palette, indexOf } = choosePalette(rgba);
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) lines[y * (width + 1) + 1 + x] = indexOf(colourAt(rgba, (y * width + x) * 4));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, with a palette.
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const data = deflateSync(lines, { level: 9 });
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** @param {Uint8Array} rgba */
function choosePalette(rgba) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let at = 0; at < rgba.length; at += 4) {
    const colour = colourAt(rgba, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, commonest)
    .map(([colour]) => colour);
  const rest = [...counts].map(([colour, count]) => ({ colour, count, far: distanceTo(palette, colour) }));
  while (palette.length < Math.min(mostColours, counts.size)) {
    const chosen = rest.reduce((a, b) => (b.count * b.far > a.count * a.far ? b : a));
    palette.push(chosen.colour);
    for (const each of rest) each.far = Math.min(each.far, distance(each.colour, chosen.colour));
  }
  const indexes = new Map(palette.map((colour, index) => [colour, index]));
  /** @param {number} colour */
  function indexOf(colour) {
    let index = indexes.get(colour);
    if (index === undefined) {
      index = nearest(palette, colour);
      indexes.set(colour, index);
    }
    return index;
  }
  return { palette, indexOf };
}

/**
 * @param {number[]} palette
 * @param {number} colour
 */
function nearest(palette, colour) {
  const distances = palette.map((other) => distance(other, colour));
  return distances.indexOf(Math.min(...distances));
}

/**
 * @param {number[]} palette
 * @param {number} colour
 */
function distanceTo(palette, colour) {
  return Math.min(...palette.map((other) => distance(other, colour)));
}

/**
 * @param {number} a
 * @param {number} b
 */
function distance(a, b) {
  const parts = [16, 8, 0].map((shift) => ((a >> shift) & 255) - ((b >> shift) & 255));
  return parts.reduce((sum, part) => sum + part * part, 0);
}

/**
 * @param {Uint8Array} rgba
 * @param {number} at
 */
function colourAt(rgba, at) {
  return ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
