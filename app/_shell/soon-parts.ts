export { AbsentStore } from "./absent-store.tsx";
export { LiveBars } from "./live-bars.tsx";
export { ServerPart } from "./server-part.tsx";
