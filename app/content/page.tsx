import { Addressed } from "../_shell/addressed.tsx";
import { ContentPage } from "./content-page.tsx";

/** What is stored. The query of the address is only known in the browser. */
export default function Page() {
  return (
    <Addressed>
      <ContentPage />
    </Addressed>
  );
}
