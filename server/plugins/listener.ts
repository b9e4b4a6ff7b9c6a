/** A certificate that TLS is served with now. */
export interface ServedCertificate {
  /** Host and port of the address. */
  readonly address: string;
  readonly expires: Date;
}

/** Something that answers on an address until it is closed. */
export interface Listener {
  /** Where it answers, such as `http://127.0.0.1:3000` or `unix:data/stowage.sock`. */
  readonly urls: readonly string[];
  /** True: it is there for containerds, and people are not told of it; absent: it is for everybody. */
  readonly backend?: boolean;
  /** Of each address with TLS; absent: there is none. */
  certificates?(): readonly ServedCertificate[];
  /** Stop accepting, let calls end until `deadline` aborts, then cut them. */
  close(deadline: AbortSignal): Promise<void>;
}
