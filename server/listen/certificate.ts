import { createPrivateKey, X509Certificate } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";

/** Where a certificate is. */
export interface CertificateFiles {
  /** Path of the certificate and those between it and its authority, in PEM. */
  readonly cert: string;
  /** Path of its private key in PEM, without a passphrase. */
  readonly key: string;
}

/** A certificate that fits its key. */
export interface Certificate {
  /** The files, as they were. */
  readonly pem: CertificatePem;
  readonly expires: Date;
  /** True for a name or address that it is for. @param host in lower case, without port and brackets */
  covers(host: string): boolean;
}

/** What TLS is served with. */
export interface CertificatePem {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What is wrong with a certificate or its key, in one line that names files and never what is in them. */
export class CertificateFault extends Error {}

/** Bytes of a file, at most. */
const maxBytes = 1024 * 1024;

/** What everybody on the machine may do with a file. */
const everybody = 0o007;

/** Names that can be those of a certificate: OpenSSL takes one that begins with a dot for all names below it. */
const hostName = /^[a-z0-9_][a-z0-9._-]*$/;

/**
 * Read a certificate and its key.
 *
 * @throws CertificateFault for files that cannot be read, for a key that everybody may read, and for what does not fit together
 *   or is not valid now
 */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const pem = { cert: await readPart(files.cert, false), key: await readPart(files.key, true) };
  const leaf = parse(() => new X509Certificate(pem.cert), `${files.cert} holds no certificate in PEM`);
  const key = parse(() => createPrivateKey(pem.key), `${files.key} holds no private key in PEM without a passphrase`);
  if (!leaf.checkPrivateKey(key)) throw new CertificateFault(`${files.key} is not the key of ${files.cert}`);
  refuseDates(leaf, files.cert);
  parse(() => createSecureContext(pem), `${files.cert} and ${files.key} cannot be used for TLS`);
  return { pem, expires: leaf.validToDate, covers: (host) => covers(leaf, host) };
}

async function readPart(path: string, secret: boolean): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { mode, size } = await file.stat();
    if (secret && (mode & everybody) !== 0) {
      throw new CertificateFault(`${path} is open to everybody on this machine; chmod o-rwx ${path}`);
    }
    if (size > maxBytes) throw new CertificateFault(`${path} has more than ${maxBytes} bytes`);
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof CertificateFault) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CertificateFault(`${path} cannot be read: ${code}`, { cause });
  } finally {
    await file?.close();
  }
}

/** OpenSSL's own words name no file, so ours do, with its code. */
function parse<T>(make: () => T, fault: string): T {
  try {
    return make();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new CertificateFault(`${fault}${code}`);
  }
}

function refuseDates({ validFromDate: from, validToDate: to }: X509Certificate, path: string): void {
  const now = Date.now();
  if (now >= to.getTime()) throw new CertificateFault(`${path} expired at ${to.toISOString()}`);
  if (now < from.getTime()) throw new CertificateFault(`${path} is valid from ${from.toISOString()} on only`);
}

/** Names are those of subjectAltName alone, as in browsers. */
function covers(leaf: X509Certificate, host: string): boolean {
  if (isIP(host) !== 0) return leaf.checkIP(host) !== undefined;
  return hostName.test(host) && leaf.checkHost(host, { subject: "never" }) !== undefined;
}
