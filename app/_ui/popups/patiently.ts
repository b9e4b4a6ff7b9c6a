/** Time between two tries, in milliseconds. */
const againMs = 2_000;

/**
 * A part of the page that is loaded later, perhaps while the server is away: it is tried again until it is there, once
 * for all who ask.
 */
export function patiently<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;

  async function tryOn(): Promise<Part> {
    for (;;) {
      try {
        return await load();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  }

  return () => (loading ??= tryOn());
}
