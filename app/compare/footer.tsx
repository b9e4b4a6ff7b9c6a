import catalog from "../_catalog/catalog.module.css";

/** What is said of the rows in the strip below them. */
export function Footer({ words }: { readonly words: string }) {
  return (
    <span className={catalog.words}>
      <span className="cut">{words}</span>
    </span>
  );
}
