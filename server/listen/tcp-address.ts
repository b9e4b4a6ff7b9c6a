import { z } from "zod";

/** A TcpAddress of a config. Whether it may be listened on is asked when it is opened. */
export const tcpAddress = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(0).max(65535),
  tls: z.strictObject({ cert: z.string().min(1), key: z.string().min(1) }).optional(),
  insecure: z.boolean().optional(),
});
