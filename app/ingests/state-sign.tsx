import type { LucideIcon } from "lucide-react";
import {
  Check,
  Circle,
  CircleDashed,
  CircleHelp,
  CircleSlash2,
  Diamond,
  Gauge,
  LoaderCircle,
  Moon,
  TimerOff,
  Triangle,
  X,
} from "lucide-react";
import type { IngestState, IngestThresholds } from "../../content/ingest-state.ts";
import type { EndedIngest } from "../../content/remote/events.ts";
import { thresholdsSetting } from "../_settings/thresholds.ts";
import { formatDuration, formatRate } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import styles from "./ingests.module.css";

interface Sign {
  readonly icon: LucideIcon;
  readonly tone: string;
  readonly isSolid?: boolean;
  /** The rule, for people; by the thresholds where these decide. */
  readonly rule: string | ((thresholds: IngestThresholds) => string);
}

const states: Readonly<Record<IngestState, Sign>> = {
  active: { icon: Circle, tone: "ok", isSolid: true, rule: "A writer sends bytes" },
  waiting: {
    icon: LoaderCircle,
    tone: "muted",
    rule: ({ waitingMs }) => `A writer holds it, and no byte came for ${formatDuration(waitingMs)}`,
  },
  stalled: { icon: Triangle, tone: "warn", isSolid: true, rule: "A writer holds it, and no byte came for 30 s" },
  crawling: {
    icon: Gauge,
    tone: "warn",
    rule: ({ crawlingBytesPerSecond, crawlingEtaMs }) =>
      `Less than ${formatRate(crawlingBytesPerSecond)} for a minute, or more than ${formatDuration(crawlingEtaMs)} to go`,
  },
  empty: {
    icon: CircleDashed,
    tone: "warn",
    rule: ({ emptyMs }) => `Not one byte came for ${formatDuration(emptyMs)}; it can block the next pull`,
  },
  idle: { icon: Moon, tone: "muted", rule: "No byte came for 30 s; the server does not say whether a writer holds it" },
  resumable: { icon: Diamond, tone: "muted", rule: "No writer; its bytes are kept for who goes on" },
};

const outcomes: Readonly<Record<EndedIngest["outcome"], Sign>> = {
  committed: { icon: Check, tone: "ok", rule: "It became a blob" },
  existed: { icon: Circle, tone: "muted", rule: "The blob was there already" },
  aborted: { icon: X, tone: "danger", rule: "It was dropped, and its bytes with it" },
  expired: { icon: TimerOff, tone: "muted", rule: "Nobody went on with it in time" },
  unknown: { icon: CircleHelp, tone: "muted", rule: "It is gone, and the server does not say how" },
};

const aborting: Sign = {
  icon: CircleSlash2,
  tone: "muted",
  rule: "Asked to be dropped; the server has not said so yet",
};

/** What an ingest is doing, by an icon and a word. */
export function StateSign({ state }: { readonly state: IngestState | "aborting…" }) {
  return <SignWords sign={state === "aborting…" ? aborting : states[state]} words={state} />;
}

/** How an ingest ended, by an icon and a word. */
export function OutcomeSign({ outcome }: { readonly outcome: EndedIngest["outcome"] }) {
  return <SignWords sign={outcomes[outcome]} words={outcome} />;
}

/** The rule of a state, for people. */
export function ruleOfState(state: IngestState | "aborting…"): string {
  return ruleOf(state === "aborting…" ? aborting : states[state]);
}

/** What an end means, for people. */
export function ruleOfOutcome(outcome: EndedIngest["outcome"]): string {
  return ruleOf(outcomes[outcome]);
}

function ruleOf({ rule }: Sign): string {
  return typeof rule === "string" ? rule : rule(thresholdsSetting.get());
}

function SignWords({ sign, words }: { readonly sign: Sign; readonly words: string }) {
  return (
    <span className={styles.sign} data-tip={ruleOf(sign)} data-row-tip="">
      <Icon
        of={sign.icon}
        className={sign.tone}
        isSolid={sign.isSolid ?? false}
        size={sign.icon === Circle && sign.isSolid ? 10 : 16}
      />
      {words}
    </span>
  );
}
