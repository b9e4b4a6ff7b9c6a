"use client";
import { Copy } from "lucide-react";
import type { ReactNode } from "react";
import { serverNow } from "../_live/clock.ts";
import { streamsStore } from "../_live/connection.ts";
import { useStore } from "../_live/hooks.ts";
import { sessionStore } from "../_live/session.ts";
import { storesStore } from "../_live/stores.ts";
import { Button } from "../_ui/button.tsx";
import { copyText } from "../_ui/copy-button.tsx";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { ErrorState } from "../_ui/states.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import { askFacts, askPlugins } from "./facts.ts";
import styles from "./settings.module.css";
import { useAnswer } from "./use-answer.ts";

/** Which server this is, what it holds, and all of it as a text for whoever helps. */
export function AboutTab() {
  const { value, error, retry } = useAnswer(askFacts);
  const { stores } = useStore(storesStore);
  if (value === undefined) return error === undefined ? null : <ErrorState error={error} onRetry={retry} />;
  const { version, revision, uuid, pid, facts } = value;
  const totals = stores.filter(({ blobs, bytes }) => blobs !== undefined && bytes !== undefined);

  async function copy(): Promise<void> {
    const plugins = await askPlugins().catch(() => []);
    const { answer } = sessionStore.get();
    const page = { agent: navigator.userAgent, width: window.innerWidth, height: window.innerHeight };
    const at = { server: new Date(serverNow()), browser: new Date() };
    const server = { version, revision, uuid, facts, plugins };
    const known = { ...server, stores, answer, streams: streamsStore.get(), page, at };
    await copyText(diagnosticsOf(known), "diagnostics");
  }

  return (
    <>
      <dl className={styles.facts}>
        <Fact name="Version">
          Stowage {version}
          {revision !== "" && (
            <>
              {" · "}
              <code>{revision}</code>
            </>
          )}
        </Fact>
        {facts && <Fact name="Host">{visibleText(facts.host)}</Fact>}
        <Fact name="Address">{window.location.origin}</Fact>
        {facts && facts.sockets.length > 0 && (
          <Fact name="Sockets">
            {facts.sockets.map((socket) => (
              <div key={socket}>
                <code>{visibleText(socket)}</code>
              </div>
            ))}
          </Fact>
        )}
        <Fact name="Data id">
          <code>{uuid}</code>
        </Fact>
        <Fact name="Process">{String(pid)}</Fact>
        {totals.map(({ name, blobs = 0, bytes = 0 }) => (
          <Fact key={name} name={`In ${visibleText(name)}`}>
            {formatCounted(blobs, "blob")} · {formatBytes(bytes)}
          </Fact>
        ))}
        <Fact name="Licence">Apache-2.0; the fonts Geist and Geist Mono are under the SIL Open Font Licence 1.1</Fact>
      </dl>
      <p className={styles.acts}>
        <Button icon={Copy} onClick={() => void copy()}>
          Copy diagnostics
        </Button>
        <span className="muted">As text, without tokens and names of blobs.</span>
      </p>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
