import { z } from "zod";
import { isLoopbackHost } from "../policy/origin.ts";

/** A TcpAddress of a config. */
export const tcpAddress = z.strictObject({
  host: z.string().refine(isLoopbackHost, "only a loopback address, such as 127.0.0.1: there is no sign-in yet"),
  port: z.int().min(0).max(65535),
});
