import { isLoopbackHost } from "./origin.ts";

/** An address that is to be listened on, and what protects it. */
export interface BindWish {
  /** Name or address, without a port; IPv6 without brackets. */
  readonly address: string;
  /** 0: any. */
  readonly port: number;
  /** True where sign-in is configured. */
  readonly hasAuth: boolean;
  /** True where it has a certificate. */
  readonly tls: boolean;
  /** Origin under which a proxy shows the server; absent: there is none. */
  readonly publicUrl?: string | undefined;
  /** True where others may read what passes. */
  readonly insecure: boolean;
}

/** What comes of a wish; neither is set where nothing is to be said. */
export interface BindRule {
  /** Why it may not be, and what to do, in words that go on from nothing. */
  readonly refusal?: string;
  /** What to know of it all the same. */
  readonly warning?: string;
}

/**
 * Whether an address may be listened on. Loopback always may. What others reach needs sign-in, and something that keeps
 * tokens and bytes from those between: TLS here, or before it at a proxy, or the word that nobody is between.
 */
export function mayBind({ address, port, hasAuth, tls, publicUrl, insecure }: BindWish): BindRule {
  if (isLoopbackHost(address)) return {};
  const name = `${address.includes(":") ? `[${address}]` : address}:${port}`;
  if (!hasAuth) {
    return {
      refusal: `${name} can be reached by others and no sign-in is configured; add [auth.tokens] to the config, or listen on 127.0.0.1 and reach it through ssh -L 3000:127.0.0.1:3000`,
    };
  }
  if (tls || publicUrl?.startsWith("https:") === true) return {};
  if (insecure) return { warning: `${name} is without TLS: who is between reads every token and every blob` };
  return {
    refusal: `${name} can be reached by others without TLS; set tls on it, or public_url = "https://…" where a proxy has TLS, or insecure = true in a network that is trusted`,
  };
}
