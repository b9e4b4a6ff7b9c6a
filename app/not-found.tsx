import Link from "next/link";
import { buttonClass } from "./_ui/button.tsx";
import { PageHead } from "./_ui/page-head.tsx";
import { State } from "./_ui/states.tsx";

/** An address that leads nowhere. */
export default function NotFound() {
  return (
    <>
      <PageHead title="Not found" name="Not found" />
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
    </>
  );
}
