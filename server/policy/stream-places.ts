import { ContentError } from "../../content/errors.ts";

/** How many streams that follow changes may be open at once. */
export interface StreamLimits {
  /** On one connection. */
  readonly perConnection: number;
  /** Of one caller that has a name, so that others find some; absent: as many as there are. */
  readonly perIdentity?: number;
  /** On all connections. */
  readonly overall: number;
}

/** How what takes places is called, and what helps where there are none left. */
export interface PlaceWords {
  /** More than one of them. */
  readonly things: string;
  /** To who has too many on one connection, to who has too many altogether, and where all together have. */
  readonly advice: { readonly connection: string; readonly identity: string; readonly overall: string };
}

const streamWords: PlaceWords = {
  things: "streams",
  advice: {
    connection: "close some, or select more rows with one",
    identity: "close some",
    overall: "try again later, or read pages with ListPage",
  },
};

/** What a server uses: a browser has two streams for all its tabs, a client of many namespaces some more. */
export const streamLimits: StreamLimits = { perConnection: 100, perIdentity: 1000, overall: 2000 };

/** Places for streams that follow changes, each held from a stream's begin to its end. */
export interface StreamPlaces {
  /**
   * Take a place; disposing of it twice is no error.
   *
   * @param connection which one the stream came on; absent: not known
   * @param identity of the caller; empty: one that has no name
   * @throws `resource-exhausted`, in one line that says what to do
   */
  take(connection: object | undefined, identity?: string): Disposable;
  /** Places that are held. */
  readonly taken: number;
}

/** Places that are all free. @param words absent: streams take them */
export function createStreamPlaces(
  limits: StreamLimits = streamLimits,
  { things, advice }: PlaceWords = streamWords,
): StreamPlaces {
  const { perConnection, overall, perIdentity = overall } = limits;
  const byConnection = new WeakMap<object, number>();
  const byIdentity = new Map<string, number>();
  let all = 0;
  return {
    get taken() {
      return all;
    },
    take(connection = {}, identity = "") {
      const here = byConnection.get(connection) ?? 0;
      if (here >= perConnection) {
        const text = `more than ${perConnection} ${things} on one connection; ${advice.connection}`;
        throw new ContentError("resource-exhausted", text);
      }
      const own = byIdentity.get(identity) ?? 0;
      if (identity !== "" && own >= perIdentity) {
        const text = `more than ${perIdentity} ${things} of yours; ${advice.identity}`;
        throw new ContentError("resource-exhausted", text);
      }
      if (all >= overall) {
        const text = `more than ${overall} ${things} on this server; ${advice.overall}`;
        throw new ContentError("resource-exhausted", text);
      }
      byConnection.set(connection, here + 1);
      byIdentity.set(identity, own + 1);
      all += 1;
      let held = true;
      return {
        [Symbol.dispose]() {
          if (!held) return;
          held = false;
          byConnection.set(connection, (byConnection.get(connection) ?? 1) - 1);
          const left = (byIdentity.get(identity) ?? 1) - 1;
          if (left > 0) byIdentity.set(identity, left);
          else byIdentity.delete(identity);
          all -= 1;
        },
      };
    },
  };
}

const places = new WeakMap<object, StreamPlaces>();

/** The places of all services that tell of one thing: their streams count together. */
export function sharedStreamPlaces(about: object): StreamPlaces {
  const known = places.get(about) ?? createStreamPlaces();
  places.set(about, known);
  return known;
}
