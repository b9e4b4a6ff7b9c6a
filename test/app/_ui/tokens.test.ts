import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../../../app/_ui/tokens.css"), "utf8");

const themes = ["light", "dark"] as const;
type Theme = (typeof themes)[number];
type Colour = readonly [red: number, green: number, blue: number];

const backgrounds = ["bg", "surface", "sunken", "hover", "selected", "hover-raised"];
const statuses = ["ok", "warn", "danger"];
const kinds = ["k-index", "k-manifest", "k-config", "k-layer", "k-attestation", "k-other"];

/** A token that is `light-dark(oklch(L C H), oklch(L C H))`, in linear sRGB. */
function colourOf(token: string, theme: Theme): Colour {
  const number = String.raw`\s*([\d.]+)`;
  const oklch = String.raw`oklch\(${number}${number}${number}\s*\)`;
  const match = new RegExp(String.raw`--${token}:\s*light-dark\(\s*${oklch},\s*${oklch}\s*\)`).exec(css);
  if (match === null) throw new Error(`tokens.css has no --${token} of two oklch colours`);
  const [l = 0, c = 0, h = 0] = match.slice(theme === "light" ? 1 : 4).map(Number);
  return linearOf(l, c, h);
}

/** OKLCH to linear sRGB (Ottosson's OKLab), cut to what a screen shows. */
function linearOf(lightness: number, chroma: number, hue: number): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const cut = (value: number) => Math.min(1, Math.max(0, value));
  return [
    cut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    cut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    cut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** WCAG's contrast ratio. */
function contrast(a: Colour, b: Colour): number {
  const [dark = 0, light = 0] = [a, b]
    .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
    .sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function leastContrast(token: string, theme: Theme, against = backgrounds): number {
  return Math.min(...against.map((other) => contrast(colourOf(token, theme), colourOf(other, theme))));
}

/** OKLab of a linear colour. */
function labOf([red, green, blue]: Colour): Colour {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** What eyes of each kind see of linear sRGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const eyes: Readonly<Record<string, readonly Colour[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seenBy(eye: readonly Colour[], [red, green, blue]: Colour): Colour {
  const row = ([a, b, c]: Colour) => Math.min(1, Math.max(0, a * red + b * green + c * blue));
  const [x, y, z] = eye.map(row);
  return [x ?? 0, y ?? 0, z ?? 0];
}

test.each(themes)("text is read on every %s background at 13:1", (theme) => {
  expect(leastContrast("text", theme)).toBeGreaterThanOrEqual(13);
});

test.each(themes.flatMap((theme) => ["muted", "faint", "accent", ...statuses].map((token) => [theme, token] as const)))(
  "in the %s theme %s is read on every background at 4.5:1",
  (theme, token) => {
    expect(leastContrast(token, theme)).toBeGreaterThanOrEqual(4.5);
  },
);

test.each(themes.flatMap((theme) => [...kinds, "border-strong"].map((token) => [theme, token] as const)))(
  "in the %s theme %s is told from every background at 3:1",
  (theme, token) => {
    expect(leastContrast(token, theme)).toBeGreaterThanOrEqual(3);
  },
);

test.each(themes)("in the %s theme words on accent and danger are read at 4.5:1", (theme) => {
  expect(leastContrast("on-accent", theme, ["accent", "danger"])).toBeGreaterThanOrEqual(4.5);
});

test.each(themes)("in the %s theme text and its quieter tones are read on raised surfaces", (theme) => {
  for (const token of ["muted", "faint", ...statuses]) {
    expect(leastContrast(token, theme, ["raised"])).toBeGreaterThanOrEqual(4.5);
  }
  expect(leastContrast("text", theme, ["raised"])).toBeGreaterThanOrEqual(13);
});

test.each(themes.flatMap((theme) => Object.keys(eyes).map((eye) => [theme, eye] as const)))(
  "in the %s theme %s eyes tell any two kinds apart",
  (theme, eye) => {
    const colours = kinds.map((kind) => labOf(seenBy(eyes[eye] ?? [], colourOf(kind, theme))));
    const distances = colours.flatMap((a, index) =>
      colours.slice(index + 1).map((b) => 100 * Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)))),
    );
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(9);
  },
);
