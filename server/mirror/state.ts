/** Whether the source of a mirror answers, and how it is looked at. */
export interface MirrorState {
  /** `connecting`: it was not reached yet; `unreachable`: it does not answer now, whether it ever did or not. */
  readonly state: "connecting" | "live" | "unreachable";
  /** Why it does not answer, in one line; absent where it does. */
  readonly reason?: string;
  /** When it last answered; absent: never since the start. */
  readonly lastContactAt?: Date;
  /** How long it last took to answer, in milliseconds; absent: it never did. */
  readonly latencyMs?: number;
  /** How often it is looked at now, in milliseconds; absent: not at all, since nobody watches. */
  readonly everyMs?: number;
  /** True while somebody follows what is mirrored, or called a short while ago. */
  readonly isWatched: boolean;
  /** What the source says of its own version; absent: nothing, or it never answered. */
  readonly version?: string;
}

/** The state as it is, for those who listen. */
export interface StateBoard {
  readonly now: MirrorState;
  /** Members that are undefined are taken away. */
  set(change: { readonly [K in keyof MirrorState]?: MirrorState[K] | undefined }): void;
  /** @returns ends it */
  listen(listener: (state: MirrorState) => void): () => void;
}

/** Nothing was reached yet. */
export function createStateBoard(): StateBoard {
  const listeners = new Set<(state: MirrorState) => void>();
  let now: MirrorState = { state: "connecting", isWatched: false };
  return {
    get now() {
      return now;
    },
    set(change) {
      const entries = Object.entries({ ...now, ...change }).filter(([, value]) => value !== undefined);
      now = Object.fromEntries(entries) as unknown as MirrorState;
      for (const listener of listeners) listener(now);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
