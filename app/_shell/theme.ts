import { densityKey, densitySetting } from "../_settings/display.ts";
import type { Setting } from "../_settings/setting.ts";
import { createSetting, oneOf } from "../_settings/setting.ts";

/** `system`: as the operating system has it. */
export type Theme = "system" | "light" | "dark";

/** Where a browser keeps what was chosen. */
const storageKeys = { theme: "stowage-theme", nav: "stowage-nav", density: densityKey } as const;

/**
 * Run before the first paint, so that a page never shows in one theme and then in another. The server's policy allows
 * this one script by its hash. It holds no quotes and no `<`, so that no escaping can change it.
 */
export const beforePaint = [
  "try{const d=document.documentElement.dataset,s=localStorage;",
  `const t=s.getItem(\`${storageKeys.theme}\`);if(t)d.theme=t;`,
  `const n=s.getItem(\`${storageKeys.nav}\`);if(n)d.nav=n;`,
  `const e=s.getItem(\`${storageKeys.density}\`);if(e)d.density=e;`,
  "}catch{}",
].join("");

/** The theme that was chosen. */
export const themeSetting = createSetting(oneOf<Theme>(storageKeys.theme, ["system", "light", "dark"]));

/** What is chosen later, here or in another tab, shows at once. */
function show(name: "theme" | "density", setting: Setting<string>): void {
  setting.subscribe(() => {
    const { dataset } = document.documentElement;
    if (setting.get() === setting.initial) delete dataset[name];
    else dataset[name] = setting.get();
  });
}

show("theme", themeSetting);
show("density", densitySetting);

/** Collapse the navigation, or widen it again, and keep that for this browser. */
export function toggleNav(): void {
  const { dataset } = document.documentElement;
  if (dataset.nav === "collapsed") {
    delete dataset.nav;
    localStorage.removeItem(storageKeys.nav);
  } else {
    dataset.nav = "collapsed";
    localStorage.setItem(storageKeys.nav, "collapsed");
  }
}
