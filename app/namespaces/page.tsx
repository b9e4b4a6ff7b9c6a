import { Addressed } from "../_shell/addressed.tsx";
import { NamespacesPage } from "./namespaces-page.tsx";

/** The namespaces. The scope of the address is only known in the browser. */
export default function Page() {
  return (
    <Addressed>
      <NamespacesPage />
    </Addressed>
  );
}
