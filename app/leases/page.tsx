import { Addressed } from "../_shell/addressed.tsx";
import { LeasesPage } from "./leases-page.tsx";

/** The leases. The scope of the address is only known in the browser. */
export default function Page() {
  return (
    <Addressed>
      <LeasesPage />
    </Addressed>
  );
}
