import { Suspense } from "react";
import { BlobPage } from "./blob-page.tsx";

/** One blob. Which one is only known in the browser. */
export default function Page() {
  return (
    <Suspense fallback={null}>
      <BlobPage />
    </Suspense>
  );
}
