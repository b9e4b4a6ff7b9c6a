import type { Role, Session } from "../../content/remote/session.ts";

/** What each role may, in words that go on from its name. */
export const roleWords: Readonly<Record<Role, string>> = {
  reader: "sees and downloads what is stored, and changes nothing",
  auditor: "does what a reader does, and sees who changed what",
  operator: "does what an auditor does, and writes, labels and deletes",
  admin: "does everything, and makes and revokes tokens",
};

/** The roles, each with more rights than the one before. */
export const roles: readonly Role[] = ["reader", "auditor", "operator", "admin"];

/** A scope in words, such as `all stores` or `stores a, b`. */
export function scopeWords(names: readonly string[], noun: string): string {
  if (names.includes("*")) return `all ${noun}s`;
  return `${noun}${names.length === 1 ? "" : "s"} ${names.join(", ")}`;
}

/** Who is signed in, for people: who comes through a unix socket has no name. */
export function nameOf({ name }: Pick<Session, "name">): string {
  return name === "" ? "unix socket" : name;
}

/** True where two sessions may the same, as the same one: what a page shows to one, it may show to the other. */
export function isSameSession(a: Session, b: Session): boolean {
  const key = ({ name, role, stores, namespaces }: Session) => JSON.stringify([name, role, stores, namespaces]);
  return key(a) === key(b);
}
