"use client";
import { Suspense } from "react";
import type { AccessToken } from "../../content/remote/access.ts";
import { useSocket } from "../_live/socket.ts";
import { Button } from "../_ui/button.tsx";
import { CodeLine } from "../_ui/code-line.tsx";
import { ctrContent, ctrDefault, curlSession } from "../_ui/commands.ts";
import { Dialog } from "../_ui/popups/index.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./settings.module.css";

interface TokenShownProps {
  readonly made: MadeToken;
  /** What was pressed to have one made. */
  readonly opener: Element | null;
  readonly onClose: () => void;
}

/** A token's text, which is shown this once, and lines that try it. */
export function TokenShown({ made: { token, text }, opener, onClose }: TokenShownProps) {
  const socket = useSocket();
  return (
    <Suspense fallback={null}>
      <Dialog title={`Token of ${visibleText(token.name)}`} opener={opener} onClose={onClose}>
        <div className={styles.token}>
          <p>Copy it now: it is shown this once, and nobody can find it out later.</p>
          <CodeLine line={text} what="token" />
          <p>Try it. The answer says who it is, and what it may:</p>
          <CodeLine line={curlSession(window.location.origin, text)} what="curl line" />
          <p>
            <code>ctr</code> has no way to send a token.{" "}
            {socket === undefined
              ? "On the server’s machine it goes through the server’s socket, whose file mode says who may."
              : "On the server’s machine it goes through the socket, whose file mode says who may:"}
          </p>
          {socket !== undefined && (
            <CodeLine line={`${ctrContent({ socket, namespace: ctrDefault })} ls`} what="ctr line" />
          )}
          <div className={styles.end}>
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      </Dialog>
    </Suspense>
  );
}

/** A token that was just made. */
export interface MadeToken {
  readonly token: AccessToken;
  /** Told this once. */
  readonly text: string;
}
