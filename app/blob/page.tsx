import { Addressed } from "../_shell/addressed.tsx";
import { BlobPage } from "./blob-page.tsx";

/** One blob. Which one is only known in the browser. */
export default function Page() {
  return (
    <Addressed>
      <BlobPage />
    </Addressed>
  );
}
