import { FromAddress } from "../_shell/addressed.tsx";
import { SettingsPage } from "./settings-page.tsx";

/** How this browser shows the rest, who may do what, and what the server is made of. It is about no store. */
export default function Page() {
  return (
    <FromAddress>
      <SettingsPage />
    </FromAddress>
  );
}
