/** What npm compares with a machine: the fields of a lock file's entry. */
const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];

/** Processors as npm names them, by the names that packages use. */
const processors = {
  aarch64: "arm64",
  arm: "arm",
  arm64: "arm64",
  armv7: "arm",
  ia32: "ia32",
  loong64: "loong64",
  mips64el: "mips64el",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  x64: "x64",
};

/** C libraries as npm names them, by the start of what packages call them. */
const libraries = { gnu: "glibc", musl: "musl" };

/**
 * Read off a package's name which machines it is for, as in `@biomejs/cli-linux-x64-musl`.
 *
 * @param {string} name of a package that holds a binary
 * @returns {{ os: string[], cpu: string[], libc?: string[] }} `libc` is absent where the name tells none
 * @throws {Error} where the name tells no system or no processor
 */
export function platformOf(name) {
  const words = name.replace(/^@[^/]+\//, "").split(/[-_.]/);
  const os = words.find((word) => systems.includes(word));
  const cpu = words.map((word) => processors[word]).find((known) => known !== undefined);
  if (os === undefined || cpu === undefined)
    throw new Error(`the name of ${name} does not tell which machines it is for`);
  const [, libc] = Object.entries(libraries).find(([start]) => words.some((word) => word.startsWith(start))) ?? [];
  return { os: [os], cpu: [cpu], ...(os === "linux" && libc !== undefined && { libc: [libc] }) };
}
