import { ContentError } from "../../content/errors.ts";

/** How much work that takes long may be under way. */
export interface PlaceLimits {
  readonly perIdentity: number;
  readonly overall: number;
}

/** Places for work that takes long. */
export interface Places {
  /** Disposing of it twice is no error. @throws `resource-exhausted` where all are taken */
  take(identity: string): Disposable;
}

/** @param what in the plural, such as `comparisons` */
export function createPlaces(what: string, { perIdentity, overall }: PlaceLimits): Places {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(identity) {
      const count = taken.get(identity) ?? 0;
      if (count >= perIdentity) {
        const text = `${perIdentity} ${what} of yours are under way; end one, or wait for it`;
        throw new ContentError("resource-exhausted", text);
      }
      if (all >= overall) {
        throw new ContentError(
          "resource-exhausted",
          `${overall} ${what} are under way on this server; try again later`,
        );
      }
      taken.set(identity, count + 1);
      all += 1;
      let isHeld = true;
      return {
        [Symbol.dispose]() {
          if (!isHeld) return;
          isHeld = false;
          all -= 1;
          const left = (taken.get(identity) ?? 1) - 1;
          if (left === 0) taken.delete(identity);
          else taken.set(identity, left);
        },
      };
    },
  };
}
