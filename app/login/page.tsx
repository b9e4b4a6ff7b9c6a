import { FromAddress } from "../_shell/addressed.tsx";
import { LoginPage } from "./login-page.tsx";

/** Where people sign in. What it leads back to is only known in the browser. */
export default function Page() {
  return (
    <FromAddress>
      <LoginPage />
    </FromAddress>
  );
}
