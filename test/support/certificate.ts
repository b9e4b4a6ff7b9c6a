import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

/** A certificate that is its own authority, with its key. */
export interface MadeCertificate {
  /** Paths of the files. */
  readonly cert: string;
  readonly key: string;
  /** The certificate, for who is to trust it. */
  readonly ca: Buffer;
}

/**
 * Make a certificate for a day.
 *
 * @param folder where `NAME.crt` and `NAME.key` go
 * @param names of subjectAltName, as OpenSSL writes them: `DNS:stowage.example,IP:127.0.0.1`
 */
export async function makeCertificate(folder: string, name: string, names: string): Promise<MadeCertificate> {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
  const { status, stderr } = await run("openssl", [
    ...made,
    ...["-subj", `/CN=${name}`, "-addext", `subjectAltName=${names}`, "-out", cert, "-keyout", key],
  ]);
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  await chmod(key, 0o640);
  return { cert, key, ca: await readFile(cert) };
}
