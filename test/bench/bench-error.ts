/** A measurement cannot be made. The message is one line for people, and says what to do. */
export class BenchError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "BenchError";
  }
}
