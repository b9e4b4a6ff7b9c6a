/** The address of a tab of Settings. @param href of Settings, in some scope @param tab as the address names it */
export function tabHref(href: string, tab: string): string {
  return `${href}${href.includes("?") ? "&" : "?"}tab=${tab}`;
}
