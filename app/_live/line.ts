import type { FromHub } from "./hub-messages.ts";
import type { Line, LineEnds } from "./line-ends.ts";
import { buildVersion } from "./version.ts";

/** Scripts of two versions never share a hub. */
const hubName = `stowage ${buildVersion}`;

/**
 * The way to the hub of all tabs; where tabs cannot have one together, to a hub of this tab's own. A page whose browser has
 * SharedWorkers does not load what the other ways take.
 */
export function openLine(ends: LineEnds): Line {
  if (typeof SharedWorker === "function") return openWorkerLine(ends);
  if ("locks" in navigator && typeof BroadcastChannel === "function") {
    return openLater(async () => (await import("./elected-line.ts")).openElectedLine(ends, hubName));
  }
  return openOwnLater(ends);
}

function openOwnLater(ends: LineEnds): Line {
  return openLater(async () => (await import("./own-line.ts")).openOwnLine(ends));
}

/** A line that keeps what it is told until it is there. */
function openLater(load: () => Promise<Line>): Line {
  const opened = load();
  return (message) => void opened.then((line) => line(message));
}

/** A worker that cannot be started leaves the tab to itself. */
function openWorkerLine(ends: LineEnds): Line {
  try {
    const worker = new SharedWorker(new URL("./hub-worker.ts", import.meta.url), { name: hubName });
    let line: Line = (message) => worker.port.postMessage(message);
    worker.port.onmessage = ({ data }: MessageEvent<FromHub>) => ends.hear(data);
    worker.onerror = () => {
      worker.port.close();
      line = openOwnLater(ends);
      ends.renewed();
    };
    return (message) => line(message);
  } catch {
    return openOwnLater(ends);
  }
}
