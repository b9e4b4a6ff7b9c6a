export { ConnectionPanel } from "./connection-facts.tsx";
export { KeysHelp } from "./keys-help.tsx";
export { NewVersion } from "./new-version.tsx";
export { News } from "./news.tsx";
export { StoreList } from "./store-list.tsx";
export { ThemeMenu } from "./theme-menu.tsx";
