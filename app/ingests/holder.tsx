import { unknown } from "../_ui/format.ts";
import { visibleText } from "../_ui/visible-text.ts";

/** Who holds a ref, as describeCaller words it: the client first, the way it came quieter. */
export function Holder({ holder }: { readonly holder: string }) {
  if (holder === "") return <span className="faint">{unknown}</span>;
  const parts = visibleText(holder).split(" · ");
  const way = parts.length > 1 ? parts.at(-1) : undefined;
  const client = parts.slice(0, parts.length > 1 ? -1 : undefined).join(" · ");
  return (
    <span data-tip={visibleText(holder)}>
      {client} {way !== undefined && <span className="faint">{way}</span>}
    </span>
  );
}
