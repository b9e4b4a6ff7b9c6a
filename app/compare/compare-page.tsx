"use client";
import { ArrowLeftRight, CopyPlus, Lock, RefreshCw, X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import type { ComparedSide, CompareReport } from "../../content/compare/report.ts";
import { isKind } from "../../content/errors.ts";
import { useStore } from "../_live/hooks.ts";
import { signInsStore } from "../_live/signed-out.ts";
import { refreshStores } from "../_live/stores.ts";
import { Button, IconButton } from "../_ui/button.tsx";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { tellLock } from "../_ui/lock.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { patiently } from "../_ui/popups/patiently.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import { CratesDrawing, DeniedState, ErrorState, State } from "../_ui/states.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./compare.module.css";
import { compareAgain, comparisonStore, leaveComparison, showComparison, stopComparison } from "./comparison.ts";
import { copyStore, takeUpCopy } from "./copies.ts";
import type { CopyAsked } from "./copy-dialog.tsx";
import { CopyProgress } from "./copy-progress.tsx";
import { DifferenceList } from "./difference-list.tsx";
import { Figures } from "./figures.tsx";
import { KindFilter } from "./kinds.tsx";
import { OtherDigestList } from "./other-digest-list.tsx";
import { SidePicker } from "./side-picker.tsx";
import { areSame, sideWords } from "./sides.ts";
import { useCopyLock } from "./use-copy-lock.ts";
import { useSides } from "./use-sides.ts";

const loadCopyDialog = patiently(() => import("./copy-dialog.tsx"));
const CopyDialog = lazy(async () => ({ default: (await loadCopyDialog()).CopyDialog }));

/** Milliseconds after the last choice, before it is compared: several namespaces are chosen one by one. */
const settleMs = 300;

/** What two stores, or namespaces of one, have and have not of each other. */
export function ComparePage() {
  const chosen = useSides();
  const { sides, swap } = chosen;
  const copy = useStore(copyStore);
  const view = useComparison(sides);
  useEffect(() => {
    void refreshStores();
    void takeUpCopy(compareAgain);
  }, []);
  useShortcut("w", "Swap A and B", "Acts", swap);
  useShortcut("r", "Compare again", "Everywhere", compareAgain);
  const asOf = view?.report?.asOf;
  return (
    <>
      <PageHead
        title="Compare"
        name="Compare"
        acts={view && view.error === undefined && <HeadAct isCounting={view.report === undefined} />}
      />
      <div className={styles.sides}>
        <SidePicker name="a" side={sides.a} asOf={asOf?.a} onChoose={chosen.choose} />
        <IconButton icon={ArrowLeftRight} label="Swap A and B" size="normal" onClick={swap} />
        <SidePicker name="b" side={sides.b} asOf={asOf?.b} onChoose={chosen.choose} />
      </div>
      {copy && <CopyProgress view={copy} />}
      <Result chosen={chosen} view={view} />
    </>
  );
}

function HeadAct({ isCounting }: { readonly isCounting: boolean }) {
  return isCounting ? (
    <Button icon={X} onClick={stopComparison}>
      Stop
    </Button>
  ) : (
    <Button icon={RefreshCw} shortcut="r" onClick={compareAgain}>
      Compare again
    </Button>
  );
}

type Chosen = ReturnType<typeof useSides>;

/** The comparison of the chosen sides; absent while fewer than two are, or both are the same. */
function useComparison({ a, b }: Chosen["sides"]) {
  const view = useStore(comparisonStore);
  const signIns = useStore(signInsStore);
  const isWanted = a !== undefined && b !== undefined && !areSame(a, b);
  useEffect(() => {
    if (a === undefined || b === undefined || areSame(a, b)) return;
    const timer = setTimeout(() => showComparison(a, b), settleMs);
    return () => clearTimeout(timer);
    // What was refused to nobody is asked again once somebody signed in.
  }, [a, b, signIns]);
  useEffect(() => leaveComparison, []);
  const isShown = isWanted && view !== undefined && areSame(view.a, a) && areSame(view.b, b);
  return isShown ? view : undefined;
}

interface ResultProps {
  readonly chosen: Chosen;
  readonly view: ReturnType<typeof useComparison>;
}

/** The answer and its rows, or why there are none. */
function Result({ chosen, view }: ResultProps) {
  const { a, b } = chosen.sides;
  if (a === undefined || b === undefined) return <NothingChosen missing={a ? "B" : b && "A"} />;
  if (areSame(a, b)) {
    return (
      <State title="Both sides are the same" drawing={<CratesDrawing />}>
        Choose another store, or other namespaces, for one of them.
      </State>
    );
  }
  if (view?.error !== undefined) return <Failed error={view.error} />;
  return (
    <>
      <Figures view={view ?? { a, b }} part={chosen.part} onShow={chosen.show} />
      {view?.report && <Report chosen={chosen} report={view.report} a={a} b={b} />}
    </>
  );
}

/** @param missing the one side that is; absent: both are */
function NothingChosen({ missing }: { readonly missing: "A" | "B" | undefined }) {
  return (
    <State title={missing === undefined ? "Choose two sides" : `Choose ${missing}`} drawing={<CratesDrawing />}>
      What A has and B has not, what both have, and the other way round, in blobs and bytes. A side is a store, or some
      of its namespaces; what is missing can be copied over.
    </State>
  );
}

function Failed({ error }: { readonly error: unknown }) {
  if (isKind(error, "permission-denied")) return <DeniedState what="both sides" error={error} onRetry={compareAgain} />;
  const retry = (
    <Button icon={RefreshCw} shortcut="r" onClick={compareAgain}>
      {isKind(error, "cancelled") ? "Compare again" : "Retry"}
    </Button>
  );
  if (isKind(error, "cancelled")) return <State title="It was stopped" drawing={<CratesDrawing />} acts={retry} />;
  if (isKind(error, "unavailable")) {
    return (
      <State title="One side does not answer" acts={retry}>
        {visibleText(error.message)}
      </State>
    );
  }
  if (isKind(error, "not-found")) {
    return (
      <State title="There is no such store" drawing={<CratesDrawing />}>
        This server has no {visibleText(error.message)}. Choose another one.
      </State>
    );
  }
  if (!isKind(error, "not-implemented")) return <ErrorState error={error} onRetry={compareAgain} />;
  return (
    <State title="This server does not compare" drawing={<CratesDrawing />}>
      A later version does.
    </State>
  );
}

interface ReportProps {
  readonly chosen: Chosen;
  readonly report: CompareReport;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
}

function Report({ chosen: { part, kind, showKind, sort, onSort }, report, a, b }: ReportProps) {
  const [asked, setAsked] = useState<CopyAsked>();
  // An address, or the other side, may name a kind of which this part has none.
  const shownKind = report.kinds.some((each) => each.part === part && each.kind === kind) ? kind : undefined;
  const to = part === "only-a" ? "b" : part === "only-b" ? "a" : undefined;
  const empty = <Equal report={report} part={part} a={a} b={b} />;
  return (
    <>
      {part !== "other-digest" && report.totals[part].blobs > 0 && (
        <div className={styles.acts}>
          <KindFilter kinds={report.kinds} part={part} shown={shownKind} onShow={showKind} />
          {to && <CopyAct to={to} report={report} target={to === "b" ? b : a} onAsk={setAsked} />}
        </div>
      )}
      <div className={styles.rows}>
        {part === "other-digest" ? (
          <OtherDigestList report={report} stores={{ a: a.store, b: b.store }} empty={empty} />
        ) : (
          <DifferenceList
            {...{ report, part, sort, onSort, empty }}
            kind={shownKind}
            store={part === "only-b" ? b.store : a.store}
            copyOne={to && (({ digest, size }) => setAsked({ to, digest, amount: { blobs: 1, bytes: size } }))}
          />
        )}
      </div>
      <Suspense fallback={null}>
        {asked && (
          <CopyDialog
            asked={asked}
            report={report}
            target={asked.to === "b" ? b : a}
            onClose={() => setAsked(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}

interface CopyActProps {
  readonly to: "a" | "b";
  readonly report: CompareReport;
  readonly target: ComparedSide;
  readonly onAsk: (asked: CopyAsked) => void;
}

/** Copies all that the other side lacks; where that is not let, it stays and says why. */
function CopyAct({ to, report, target, onAsk }: CopyActProps) {
  const lock = useCopyLock(target.store);
  const amount = report.totals[to === "b" ? "only-a" : "only-b"];
  const ask = () => (lock === undefined ? onAsk({ to, amount }) : tellLock(lock, document.activeElement));
  useShortcut("m", "Copy missing…", "Acts", ask);
  return (
    <Button
      icon={lock === undefined ? CopyPlus : Lock}
      shortcut="m"
      className={styles.copyAct}
      onClick={ask}
      {...(lock !== undefined && { "aria-disabled": true, "aria-description": lock, "data-tip": lock })}
    >
      Copy missing to {to.toUpperCase()} ({formatBytes(amount.bytes)})…
    </Button>
  );
}

interface EqualProps {
  readonly report: CompareReport;
  readonly part: Chosen["part"];
  readonly a: ComparedSide;
  readonly b: ComparedSide;
}

/** In place of rows, where a part has none. */
function Equal({ report: { totals, images }, part, a, b }: EqualProps) {
  if (part === "other-digest") {
    return images === undefined ? (
      <State title="A side does not tell its images" />
    ) : (
      <State title="Every name that both sides have stands for the same digest" drawing={<CratesDrawing />} />
    );
  }
  if (totals["only-a"].blobs + totals["only-b"].blobs > 0 || part === "both") {
    const words = {
      "only-a": "Nothing is only in A",
      both: "A and B have nothing in common",
      "only-b": "Nothing is only in B",
    };
    return <State title={words[part]} drawing={<CratesDrawing />} />;
  }
  return (
    <State title={`A and B hold the same ${formatCounted(totals.both.blobs, "blob")}`} drawing={<CratesDrawing />}>
      {sideWords(a)} and {sideWords(b)}, {formatBytes(totals.both.bytes)}.
    </State>
  );
}
