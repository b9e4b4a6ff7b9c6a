/** A flag, a variable or a config file that cannot be used. The message is one line for people. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}
