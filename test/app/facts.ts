import type { StoreFacts } from "../../content/remote/stores.ts";

/** A store that answers, as the server tells of it. @param changes what it is otherwise */
export function factsOfStore(name: string, changes: Partial<StoreFacts> = {}): StoreFacts {
  return {
    ...{
      name,
      plugin: "local",
      target: "",
      isDefault: false,
      allowsChanges: true,
      state: "live",
      reason: "",
      version: "",
    },
    ...changes,
  };
}
