import { Addressed } from "../_shell/addressed.tsx";
import { IngestsPage } from "./ingests-page.tsx";

/** What is being written. The scope of the address is only known in the browser. */
export default function Page() {
  return (
    <Addressed>
      <IngestsPage />
    </Addressed>
  );
}
