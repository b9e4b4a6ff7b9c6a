import { FromAddress } from "../_shell/addressed.tsx";
import { ComparePage } from "./compare-page.tsx";

/** What two sides have and have not of each other. Its address names both stores itself. */
export default function Page() {
  return (
    <FromAddress>
      <ComparePage />
    </FromAddress>
  );
}
