import { afterAll, beforeAll, vi } from "vitest";

/** A page that is in sight, and whose frames come at once: as much of a browser as live sets look at. */
export function showPage(): void {
  beforeAll(() => {
    vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
    vi.stubGlobal("requestAnimationFrame", (frame: () => void) => {
      queueMicrotask(frame);
      return 1;
    });
    vi.stubGlobal("cancelAnimationFrame", () => undefined);
  });
  afterAll(() => vi.unstubAllGlobals());
}
