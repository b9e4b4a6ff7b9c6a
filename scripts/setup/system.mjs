import { spawnSync } from "node:child_process";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

/**
 * Debian packages that the tests use: a browser, the real peer with its command `ctr`, a registry, Go with the peer's client,
 * networks, reverse proxies, certificates, layouts of images, system calls.
 */
const packages = [
  "caddy",
  "chromium-headless-shell",
  "containerd",
  "docker-registry",
  "golang-go",
  "golang-github-containerd-containerd-dev",
  "iproute2",
  "nginx-light",
  "openssl",
  "skopeo",
  "strace",
];

/** Install what the tests need of the system, as root on Debian; otherwise say how, and leave it to the tests to miss it. */
export async function installSystemPackages() {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0 || (await installDebianPackages(missing, "the tests"))) return;
  say(`the tests need Debian packages that are missing here: sudo apt-get ${install(missing).join(" ")}`);
}

/**
 * Install packages, where this is root on Debian.
 *
 * @param {readonly string[]} names
 * @param {string} what needs them
 * @returns {Promise<boolean>} false where it is not, and nothing was done
 */
export async function installDebianPackages(names, what) {
  if (process.getuid?.() !== 0 || !hasAptGet()) return false;
  say(`installing Debian packages for ${what}: ${names.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", install(names), { env });
  return true;
}

/** @param {readonly string[]} names */
function install(names) {
  return ["install", "-y", "--no-install-recommends", ...names];
}

/** @param {string} name */
function isInstalled(name) {
  const { stdout } = spawnSync("dpkg-query", ["-W", "-f", `$\{Status}`, name], { encoding: "utf8" });
  return stdout === "install ok installed";
}

function hasAptGet() {
  return spawnSync("apt-get", ["--version"]).status === 0;
}
