import { Suspense } from "react";
import { NamespacesPage } from "./namespaces-page.tsx";

/** The namespaces. The scope of the address is only known in the browser. */
export default function Page() {
  return (
    <Suspense fallback={null}>
      <NamespacesPage />
    </Suspense>
  );
}
