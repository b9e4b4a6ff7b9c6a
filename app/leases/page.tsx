import { Suspense } from "react";
import { LeasesPage } from "./leases-page.tsx";

/** The leases. The scope of the address is only known in the browser. */
export default function Page() {
  return (
    <Suspense fallback={null}>
      <LeasesPage />
    </Suspense>
  );
}
