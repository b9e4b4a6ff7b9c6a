/** Set-up cannot go on; the message says why in one line, and what to do. */
export class SetupError extends Error {}
