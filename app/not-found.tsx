import Link from "next/link";
import { buttonClass } from "./_ui/button.tsx";
import { State } from "./_ui/states.tsx";

/** An address that leads nowhere. */
export default function NotFound() {
  return (
    <State
      title="There is no such page"
      acts={
        <Link href="/content" className={buttonClass()}>
          Content
        </Link>
      }
    >
      Nothing is served at this address.
    </State>
  );
}
