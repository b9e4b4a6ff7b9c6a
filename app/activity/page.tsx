import { Addressed } from "../_shell/addressed.tsx";
import { ActivityPage } from "./activity-page.tsx";

/** What was done. The scope of the address is only known in the browser. */
export default function Page() {
  return (
    <Addressed>
      <ActivityPage />
    </Addressed>
  );
}
