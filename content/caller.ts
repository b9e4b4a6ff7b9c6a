/** Who calls, as far as it is known; empty strings where it is not. */
export interface Caller {
  readonly identity: string;
  /** Such as `grpc-go/1.33.3`. */
  readonly userAgent: string;
  /** `unix socket`, or the peer's address. */
  readonly address: string;
}

/** A caller in words for people, such as `mei · grpc-go/1.33.3 · unix socket`; empty where nothing is known. */
export function describeCaller(caller: Caller | undefined): string {
  if (caller === undefined) return "";
  return [caller.identity, caller.userAgent, caller.address].filter((part) => part !== "").join(" · ");
}
