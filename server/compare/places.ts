import { ContentError } from "../../content/errors.ts";

/** Places for work that takes long, so many for each identity. */
export interface Places {
  /** Disposing of it twice is no error. @throws `resource-exhausted` where all are taken */
  take(identity: string): Disposable;
}

/** @param what in the plural, such as `comparisons` */
export function createPlaces(what: string, each: number): Places {
  const taken = new Map<string, number>();
  return {
    take(identity) {
      const count = taken.get(identity) ?? 0;
      if (count >= each) {
        throw new ContentError("resource-exhausted", `${each} ${what} of yours are under way; end one, or wait for it`);
      }
      taken.set(identity, count + 1);
      let isHeld = true;
      return {
        [Symbol.dispose]() {
          if (!isHeld) return;
          isHeld = false;
          const left = (taken.get(identity) ?? 1) - 1;
          if (left === 0) taken.delete(identity);
          else taken.set(identity, left);
        },
      };
    },
  };
}
