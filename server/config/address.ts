import type { TcpAddress } from "../listen/bind.ts";
import { isLoopbackHost } from "../policy/origin.ts";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError for what is no address, or one that others can reach */
export function parseAddress(text: string): TcpAddress {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:[\]]+)):(?<port>\d{1,5})$/.exec(text);
  const host = match?.groups?.["v6"] ?? match?.groups?.["name"];
  const port = Number(match?.groups?.["port"]);
  if (host === undefined || port > 65_535) {
    throw new UsageError(`${JSON.stringify(text)} is no HOST:PORT, such as 127.0.0.1:3000 or [::1]:3000`);
  }
  if (!isLoopbackHost(host)) {
    throw new UsageError(
      `${text} can be reached by others and there is no sign-in yet; listen on 127.0.0.1 and reach it through ssh -L 3000:127.0.0.1:3000`,
    );
  }
  return { host, port };
}
