import { chmod, copyFile, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { CertificateFiles } from "../../../server/listen/certificate.ts";
import { readCertificate } from "../../../server/listen/certificate.ts";
import type { LiveCertificate } from "../../../server/listen/live-certificate.ts";
import { certificateTimes, openLiveCertificate } from "../../../server/listen/live-certificate.ts";
import { StartError } from "../../../server/start-error.ts";
import type { MadeCertificate } from "../../support/certificate.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

let folder: string;
let one: MadeCertificate;
let other: MadeCertificate;
/** Where the certificate is that is looked at. */
let files: CertificateFiles;

beforeEach(async () => {
  folder = await makeTempDir();
  one = await makeCertificate(folder, "one", "DNS:one.example,DNS:*.wild.example,IP:192.0.2.1");
  other = await makeCertificate(folder, "other", "DNS:other.example");
  await mkdir(join(folder, "live"));
  files = { cert: join(folder, "live", "tls.crt"), key: join(folder, "live", "tls.key") };
  await place(one);
});

afterEach(() => {
  vi.useRealTimers();
});

/** Put a certificate in the place of the one before by renames, its key last. */
async function place(made: MadeCertificate): Promise<void> {
  await copyFile(made.cert, `${files.cert}.new`);
  await copyFile(made.key, `${files.key}.new`);
  await rename(`${files.cert}.new`, files.cert);
  await rename(`${files.key}.new`, files.key);
}

describe("a certificate", () => {
  test("covers the names that it is for", async () => {
    const { covers } = await readCertificate(one);
    for (const name of ["one.example", "a.wild.example", "192.0.2.1"]) expect(covers(name)).toBe(true);
    for (const name of ["one", "wild.example", "a.b.wild.example", ".wild.example", "192.0.2.2", "", "::1", "\0"]) {
      expect(covers(name)).toBe(false);
    }
  });

  test.for<[what: string, spoil: () => Promise<unknown>, text: (files: CertificateFiles) => string]>([
    ["that is not there", () => rm(files.cert), ({ cert }) => `${cert} cannot be read: ENOENT`],
    ["without its key", () => rm(files.key), ({ key }) => `${key} cannot be read: ENOENT`],
    ["that is empty", () => writeFile(files.cert, ""), ({ cert }) => `${cert} holds no certificate in PEM`],
    ["whose key is none", () => writeFile(files.key, "secret"), ({ key }) => `${key} holds no private key in PEM`],
    ["of another key", () => copyFile(other.key, files.key), ({ key, cert }) => `${key} is not the key of ${cert}`],
    ["whose key everybody reads", () => chmod(files.key, 0o644), ({ key }) => `chmod o-rwx ${key}`],
    ["that is long", () => writeFile(files.cert, "x".repeat(2 ** 20 + 1)), ({ cert }) => `${cert} has more than`],
  ])("%s is refused at the start in one line", async ([, spoil, text]) => {
    await spoil();
    const refused = openLiveCertificate(files, createLog().logger);
    await expect(refused).rejects.toThrow(StartError);
    await expect(refused).rejects.toThrow(text(files));
    await expect(refused).rejects.not.toThrow(/\n|secret/);
  });

  test("that has expired, or is not valid yet, is refused", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * 3_600_000 });
    await expect(readCertificate(files)).rejects.toThrow(`${files.cert} expired at 20`);
    vi.setSystemTime(Date.now() - 48 * 3_600_000);
    await expect(readCertificate(files)).rejects.toThrow(`${files.cert} is valid from 20`);
  });
});

/** Follow the files. */
async function follow() {
  const { logger, lines } = createLog();
  const live = await openLiveCertificate(files, logger);
  onTestFinished(() => live.close());
  /** Lines of errors, and those that tell of an end of one. */
  const told = () =>
    lines.filter(({ msg }) => msg !== "certificate expires soon").map(({ level, msg }) => [level, msg]);
  return { live, lines, told };
}

const covers = (live: LiveCertificate, name: string) => expect.poll(() => live.covers(name));

const [info, error] = [30, 50];

describe("a certificate that is followed", () => {
  test("is taken when its files are replaced, without a word of what was between", async () => {
    const { live, told } = await follow();
    const seen: Buffer[] = [];
    live.follow(({ cert }) => seen.push(cert));
    await place(other);
    await covers(live, "other.example").toBe(true);
    expect(seen).toEqual([other.ca]);
    expect(live.pem.cert).toEqual(other.ca);
    expect(told()).toEqual([[info, "certificate changed"]]);
  });

  test("is taken when a link comes to name another folder, as Kubernetes mounts it", async () => {
    for (const [name, made] of [["1", one] as const, ["2", other] as const]) {
      await mkdir(join(folder, "live", name));
      await copyFile(made.cert, join(folder, "live", name, "tls.crt"));
      await copyFile(made.key, join(folder, "live", name, "tls.key"));
    }
    await symlink("1", join(folder, "live", "..data"));
    for (const path of [files.cert, files.key]) {
      await rm(path);
      await symlink(join("..data", path === files.cert ? "tls.crt" : "tls.key"), path);
    }
    const { live } = await follow();
    await symlink("2", join(folder, "live", "..next"));
    await rename(join(folder, "live", "..next"), join(folder, "live", "..data"));
    await covers(live, "other.example").toBe(true);
  });

  test("is kept while its files are wrong, which is said once, and once that they are right again", async () => {
    const { live, lines, told } = await follow();
    await copyFile(other.key, files.key);
    await expect.poll(told).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ level: error, reason: `${files.key} is not the key of ${files.cert}` });
    expect([live.covers("one.example"), live.pem.cert]).toEqual([true, one.ca]);
    await writeFile(join(folder, "live", "unrelated"), "");
    await copyFile(one.key, files.key);
    await expect.poll(told).toEqual([
      [error, "certificate not taken; the one before is served on"],
      [info, "certificate is right again"],
    ]);
    expect(JSON.stringify(lines)).not.toContain("PRIVATE KEY");
  });

  test("is looked at from time to time, for changes that nobody tells of, and for its end", async () => {
    const elsewhere = join(folder, "elsewhere");
    await mkdir(elsewhere);
    for (const path of [files.cert, files.key]) {
      const target = join(elsewhere, path === files.cert ? "tls.crt" : "tls.key");
      await rename(path, target);
      await symlink(target, path);
    }
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
    const { live, lines, told } = await follow();
    expect(lines.at(-1)).toMatchObject({ msg: "certificate expires soon", cert: files.cert });
    await copyFile(other.cert, join(elsewhere, "tls.crt"));
    await copyFile(other.key, join(elsewhere, "tls.key"));
    vi.advanceTimersByTime(certificateTimes.poll);
    vi.advanceTimersByTime(0);
    await covers(live, "other.example").toBe(true);
    vi.setSystemTime(Date.now() + 48 * 3_600_000);
    vi.advanceTimersByTime(certificateTimes.poll);
    await expect.poll(told).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({ level: error, reason: expect.stringContaining("expired at") });
    expect(live.covers("other.example")).toBe(true);
  });
});
