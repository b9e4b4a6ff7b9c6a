import { registryOf } from "../../content/catalog.ts";
import type { Digest } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import type { HttpReadSeeker } from "../../content/http-read-seeker.ts";
import { httpReadSeeker } from "../../content/http-read-seeker.ts";
import { parseChallenge } from "./challenge.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Registries } from "./settings.ts";

/** Where an image comes from, by its name. */
export interface Origin {
  /** As the name has it, such as `docker.io`. */
  readonly name: string;
  /** That is asked, such as `registry.example:5000`. */
  readonly host: string;
  /** Without the host, such as `team/app`. */
  readonly repository: string;
}

/** A repository of a registry, asked without credentials (OCI distribution-spec, pull). */
export interface Registry {
  /**
   * A blob or a manifest, read from any offset as httpReadSeeker does; it throws what that and Outgoing throw.
   *
   * @param size bytes that it must have
   */
  blob(digest: Digest, size: number, isManifest: boolean): HttpReadSeeker;
}

/** Media types that are taken for a manifest. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "*/*",
].join(", ");

/** Bytes of an answer with a token. */
const maxTokenBytes = 64 * 1024;

/** The registry of names that begin so is elsewhere, as containerd has it. */
const dockerHub = { name: "docker.io", host: "registry-1.docker.io" } as const;

/** The registry and the repository that a name names. @throws `failed-precondition` for one that names none */
export function originOf(name: string): Origin {
  const named = registryOf(name);
  if (named === undefined) {
    throw new ContentError("failed-precondition", `image ${JSON.stringify(name)} does not say its registry`);
  }
  const { host, repository } = named;
  return { name: host, host: host === dockerHub.name ? dockerHub.host : host, repository };
}

/** A registry to read from. @param ask how it is asked */
export function createRegistry({ host, repository }: Origin, registries: Registries, ask: Outgoing): Registry {
  const scheme = Object.hasOwn(registries, host) && registries[host]?.plain_http === true ? "http" : "https";
  const base = `${scheme}://${host}/v2/${repository}`;
  let token: Promise<string> | undefined;

  /** Asked once without a token, and with one where the registry says how to get it. */
  const askWithToken: Outgoing = async (url, init) => {
    const first = await askAs(await token, url, init);
    if (first.status !== 401) return first;
    await first.body?.cancel();
    token = fetchToken(first.headers.get("www-authenticate") ?? "", init.signal ?? undefined);
    // What failed is asked for again.
    token.catch(() => (token = undefined));
    const second = await askAs(await token, url, init);
    if (second.status !== 401) return second;
    await second.body?.cancel();
    throw wantsCredentials();
  };

  async function askAs(bearer: string | undefined, url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
    return await ask(url, { ...init, headers });
  }

  async function fetchToken(header: string, signal: AbortSignal | undefined): Promise<string> {
    const challenge = parseChallenge(header);
    const { realm, service, scope = `repository:${repository}:pull` } = challenge?.params ?? {};
    const url = challenge?.scheme === "bearer" && realm !== undefined ? URL.parse(realm) : null;
    if (url === null) throw wantsCredentials();
    if (service !== undefined) url.searchParams.set("service", service);
    url.searchParams.set("scope", scope);
    const answer = await ask(url.href, { headers: { accept: "application/json" }, ...(signal && { signal }) });
    const bearer = answer.ok ? tokenIn(await readLimited(answer, url.host)) : undefined;
    if (!answer.ok) await answer.body?.cancel();
    if (bearer === undefined) throw wantsCredentials();
    return bearer;
  }

  function wantsCredentials(): ContentError {
    return new ContentError("unauthenticated", `${host} does not give out ${repository} without credentials`);
  }

  return {
    blob(digest, size, isManifest) {
      const url = `${base}/${isManifest ? "manifests" : "blobs"}/${digest}`;
      const headers = { accept: isManifest ? manifestTypes : "*/*" };
      return httpReadSeeker(url, { size, headers, fetch: askWithToken });
    },
  };
}

/** The token of an answer (distribution's docs/spec/auth/token.md); undefined for none that a header can hold. */
function tokenIn(text: string): string | undefined {
  try {
    const { token, access_token: other } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const found = token || other;
    return typeof found === "string" && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

async function readLimited({ body }: Response, host: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxTokenBytes) throw new ContentError("data-loss", `${host} sends a token that is too long`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
