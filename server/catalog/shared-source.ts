import type { RowSource } from "./row-source.ts";

/** A source that is there while somebody follows it, one for all of them. Disposing of it closes the source at once. */
export interface SharedSource<Row> extends Disposable {
  /** Follow it, until it is disposed of. Twice is no error. */
  join(): JoinedSource<Row>;
  /** True while somebody does. */
  readonly isFollowed: boolean;
}

/** A source as one of those who follow it has it. */
export type JoinedSource<Row> = RowSource<Row>;

/**
 * @param open makes the source; a source that fails is not used again
 * @param lingerMs milliseconds that it is kept after the last one who followed it: those who lost their connection come again
 */
export function createSharedSource<Row>(open: () => RowSource<Row>, lingerMs: number): SharedSource<Row> {
  let current: RowSource<Row> | undefined;
  let followers = 0;
  let leaving: NodeJS.Timeout | undefined;

  function close(source: RowSource<Row> | undefined): void {
    if (source === undefined || source !== current) return;
    clearTimeout(leaving);
    current = undefined;
    followers = 0;
    source[Symbol.dispose]();
  }

  return {
    join() {
      clearTimeout(leaving);
      const source = current ?? open();
      if (source !== current) source.ready.catch(() => close(source));
      current = source;
      followers += 1;
      let isJoined = true;
      return {
        ready: source.ready,
        keys: () => source.keys(),
        get: (key) => source.get(key),
        listen: (listener) => source.listen(listener),
        [Symbol.dispose]() {
          if (!isJoined) return;
          isJoined = false;
          if (source !== current) return;
          followers -= 1;
          if (followers > 0) return;
          leaving = setTimeout(() => close(source), lingerMs);
          leaving.unref();
        },
      };
    },
    get isFollowed() {
      return followers > 0;
    },
    [Symbol.dispose]: () => close(current),
  };
}
