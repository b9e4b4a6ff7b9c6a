import { spawnSync } from "node:child_process";
import { run } from "./run.mjs";
import { say } from "./say.mjs";

/**
 * Debian packages that the tests use: a browser, the real peer with its command `ctr`, a registry, Go with the peer's client,
 * networks, a reverse proxy, certificates, layouts of images, system calls.
 */
const packages = [
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
  if (missing.length === 0) return;
  const install = ["install", "-y", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0 || !hasAptGet()) {
    say(`the tests need Debian packages that are missing here: sudo apt-get ${install.join(" ")}`);
    return;
  }
  say(`installing Debian packages for the tests: ${missing.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", install, { env });
}

/** @param {string} name */
function isInstalled(name) {
  const { stdout } = spawnSync("dpkg-query", ["-W", "-f", `$\{Status}`, name], { encoding: "utf8" });
  return stdout === "install ok installed";
}

function hasAptGet() {
  return spawnSync("apt-get", ["--version"]).status === 0;
}
