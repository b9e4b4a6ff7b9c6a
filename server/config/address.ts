import type { TcpAddress } from "../listen/bind.ts";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError for what is no address; whether it may be listened on is asked later */
export function parseAddress(text: string): TcpAddress {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:[\]]+)):(?<port>\d{1,5})$/.exec(text);
  const host = match?.groups?.["v6"] ?? match?.groups?.["name"];
  const port = Number(match?.groups?.["port"]);
  if (host === undefined || port > 65_535) {
    throw new UsageError(`${JSON.stringify(text)} is no HOST:PORT, such as 127.0.0.1:3000 or [::1]:3000`);
  }
  return { host, port };
}
