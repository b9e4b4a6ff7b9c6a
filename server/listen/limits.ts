/** What one peer may take. Times are in milliseconds, sizes in bytes. */
export const limits = {
  /** One message: 16 MiB of data, and room for what stands around them. */
  messageBytes: 17 * 1024 * 1024,
  /** All headers of a request. */
  headerBytes: 32 * 1024,
  /** Connections on one address. */
  connections: 4096,
  /** Calls at once on one HTTP/2 connection. */
  streamsPerConnection: 512,
  /** Bytes under way to us in one HTTP/2 call, and in all calls of a connection. */
  streamWindowBytes: 1024 * 1024,
  connectionWindowBytes: 8 * 1024 * 1024,
  /** Until it is known which protocol a connection speaks. */
  sniffMs: 10_000,
  /** Until the headers of a request are there. */
  headersMs: 30_000,
  /** Between two pieces of one request or one message. */
  halfSentMs: 30_000,
  /** A connection without a call. */
  idleMs: 10 * 60_000,
  /** Before the first probe of a silent peer's existence. */
  keepAliveMs: 30_000,
  /** Between the end of calls and the end of connections, when the server stops. */
  sweepMs: 20,
  /** Calls that a client gives up before any answer: so many at once, and so many a second after that. */
  unansweredResets: 2000,
  unansweredResetsPerSecond: 200,
  /** Calls that a client gives up, answered or not: containerd's reader does so with every read. */
  resets: 1_000_000,
  resetsPerSecond: 100_000,
} as const;
