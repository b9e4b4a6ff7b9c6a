/** How long a test waits for what is to come of itself, in milliseconds: longer than that takes on a busy machine of one core. */
export const patience = { timeout: 30_000 } as const;
