/** The first page is what is stored. */
export { default } from "./content/page.tsx";
