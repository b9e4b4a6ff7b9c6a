/** `system`: as the operating system has it. */
export type Theme = "system" | "light" | "dark";

/** Where a browser keeps what was chosen. */
export const storageKeys = { theme: "stowage-theme", nav: "stowage-nav" } as const;

/**
 * Run before the first paint, so that a page never shows in one theme and then in another. The server's policy allows
 * this one script by its hash. It holds no quotes and no `<`, so that no escaping can change it.
 */
export const beforePaint = [
  "try{const d=document.documentElement.dataset,s=localStorage;",
  `const t=s.getItem(\`${storageKeys.theme}\`);if(t)d.theme=t;`,
  `const n=s.getItem(\`${storageKeys.nav}\`);if(n)d.nav=n;`,
  "}catch{}",
].join("");

/** The theme that was chosen. */
export function readTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** Use a theme, and keep it for this browser. */
export function writeTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "system") {
    delete dataset.theme;
    localStorage.removeItem(storageKeys.theme);
  } else {
    dataset.theme = theme;
    localStorage.setItem(storageKeys.theme, theme);
  }
}

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
