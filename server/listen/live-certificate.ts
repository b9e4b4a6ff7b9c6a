import type { FSWatcher } from "node:fs";
import { watch } from "node:fs";
import { dirname } from "node:path";
import type { Logger } from "pino";
import { StartError } from "../start-error.ts";
import type { Certificate, CertificateFiles, CertificatePem } from "./certificate.ts";
import { CertificateFault, readCertificate } from "./certificate.ts";

/** Times in milliseconds. */
export const certificateTimes = {
  /** Between a change of a folder and the look at its files, which come one after another. */
  settle: 200,
  /** Before a fault is believed: a key that follows its certificate is none. */
  doubt: 1000,
  /** Between looks that nothing asked for: not every file system tells of changes. */
  poll: 60_000,
  /** How long before its end a certificate is warned about. */
  soon: 7 * 24 * 3_600_000,
} as const;

/** A certificate that follows its files. A change that is none keeps the one before. */
export interface LiveCertificate {
  /** What TLS is served with now. */
  readonly pem: CertificatePem;
  /** When that ends. */
  readonly expires: Date;
  /** True for a name or address that it is for. @param host in lower case, without port and brackets */
  covers(host: string): boolean;
  /** Be told of each new one. */
  follow(changed: (pem: CertificatePem) => void): void;
  /** Look no more. */
  close(): void;
}

/**
 * Read a certificate and follow its files: changes in place, replacements by rename, and links that come to name other files.
 *
 * @param logger is told once of each fault, and once when it is over
 * @throws StartError for one that cannot be used
 */
export async function openLiveCertificate(files: CertificateFiles, logger: Logger): Promise<LiveCertificate> {
  try {
    return new Follower(files, await readCertificate(files), logger);
  } catch (cause) {
    if (!(cause instanceof CertificateFault)) throw cause;
    throw new StartError(`cannot serve TLS: ${cause.message}`, { cause });
  }
}

class Follower implements LiveCertificate {
  readonly #files: CertificateFiles;
  readonly #logger: Logger;
  readonly #watchers: readonly FSWatcher[];
  readonly #poll: NodeJS.Timeout;
  readonly #followers: ((pem: CertificatePem) => void)[] = [];
  #current: Certificate;
  /** What the log says is wrong. */
  #fault: string | undefined;
  #warned = false;
  #timer: NodeJS.Timeout | undefined;
  #looked: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(files: CertificateFiles, first: Certificate, logger: Logger) {
    this.#files = files;
    this.#current = first;
    this.#logger = logger;
    this.#warnOfEnd();
    const folders = new Set([dirname(files.cert), dirname(files.key)]);
    this.#watchers = [...folders].flatMap((folder) => this.#watch(folder));
    this.#poll = setInterval(() => this.#plan(0, true), certificateTimes.poll).unref();
  }

  get pem(): CertificatePem {
    return this.#current.pem;
  }

  get expires(): Date {
    return this.#current.expires;
  }

  covers(host: string): boolean {
    return this.#current.covers(host);
  }

  follow(changed: (pem: CertificatePem) => void): void {
    this.#followers.push(changed);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  /** Folders are watched, as a file that is replaced is another one. Where that cannot be, looks from time to time do. */
  #watch(folder: string): readonly FSWatcher[] {
    const unwatched = (err: unknown): void => this.#logger.debug({ err, folder }, "the folder cannot be watched");
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#plan(certificateTimes.settle, false));
      watcher.on("error", unwatched);
      return [watcher];
    } catch (error) {
      unwatched(error);
      return [];
    }
  }

  /** Look after a while, unless that is to come anyway. @param sure a fault is told at once */
  #plan(delayMs: number, sure: boolean): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      // What changes from now on needs another look.
      this.#timer = undefined;
      this.#looked = this.#looked.then(() => this.#look(sure));
    }, delayMs).unref();
  }

  async #look(sure: boolean): Promise<void> {
    const found = await readCertificate(this.#files).catch(messageOf);
    if (this.#closed) return;
    if (typeof found !== "string") this.#take(found);
    else if (sure) this.#tellFault(found);
    else this.#plan(certificateTimes.doubt, true);
  }

  #tellFault(reason: string): void {
    if (reason === this.#fault) return;
    this.#fault = reason;
    this.#logger.error({ cert: this.#files.cert, reason }, "certificate not taken; the one before is served on");
  }

  #take(found: Certificate): void {
    const isNew = !same(found.pem, this.#current.pem);
    const wasFaulty = this.#fault !== undefined;
    this.#fault = undefined;
    if (isNew) {
      this.#current = found;
      this.#warned = false;
      for (const changed of this.#followers) changed(found.pem);
    }
    if (isNew || wasFaulty) {
      const { cert } = this.#files;
      this.#logger.info({ cert, expires: found.expires }, isNew ? "certificate changed" : "certificate is right again");
    }
    this.#warnOfEnd();
  }

  #warnOfEnd(): void {
    const { expires } = this.#current;
    if (this.#warned || expires.getTime() - Date.now() > certificateTimes.soon) return;
    this.#warned = true;
    this.#logger.warn({ cert: this.#files.cert, expires }, "certificate expires soon");
  }
}

function same(one: CertificatePem, other: CertificatePem): boolean {
  return one.cert.equals(other.cert) && one.key.equals(other.key);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
