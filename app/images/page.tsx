import { Addressed } from "../_shell/addressed.tsx";
import { ImagesPage } from "./images-page.tsx";

/** The images. The scope of the address is only known in the browser. */
export default function Page() {
  return (
    <Addressed>
      <ImagesPage />
    </Addressed>
  );
}
