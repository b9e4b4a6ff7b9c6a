import { Check, Circle, Clock, Diamond, Hash, Lock, type LucideIcon, Pause, TriangleAlert } from "lucide-react";
import { Icon } from "../_ui/icon.tsx";
import styles from "./panel.module.css";
import type { Stage } from "./upload.ts";

interface Sign {
  readonly icon: LucideIcon;
  readonly word: string;
  readonly tone: "ok" | "warn" | "danger" | "muted";
  /** What it means, for people. */
  readonly rule: string;
}

const signs = {
  queued: { icon: Clock, word: "waiting", tone: "muted", rule: "It waits until those before it are done" },
  hashing: { icon: Hash, word: "hashing", tone: "muted", rule: "Its digest is worked out; nothing is sent yet" },
  sending: { icon: Circle, word: "sending", tone: "ok", rule: "Its bytes are on their way" },
  locked: {
    icon: Lock,
    word: "locked",
    tone: "warn",
    rule: "Another writer holds the same ref; this one waits for it",
  },
  paused: { icon: Pause, word: "paused", tone: "muted", rule: "It goes on once you say so; no lock is held" },
  failed: { icon: TriangleAlert, word: "failed", tone: "danger", rule: "It stopped; no lock is held" },
  unfinished: {
    icon: Diamond,
    word: "unfinished",
    tone: "muted",
    rule: "It was begun before the page was loaded; only you can give the page its file again",
  },
  stored: { icon: Check, word: "stored", tone: "ok", rule: "It is a blob now, and stays until somebody deletes it" },
  here: { icon: Circle, word: "already here", tone: "muted", rule: "The blob was there already, and nothing was sent" },
} as const satisfies Readonly<Record<string, Sign>>;

/** What an upload is doing, by an icon and a word. */
export function StageSign({ stage }: { readonly stage: Stage }) {
  const { icon, word, tone, rule } = signs[stage.kind === "done" ? stage.outcome : stage.kind];
  const isDot = stage.kind === "sending";
  return (
    <span className={styles.sign} data-tip={rule}>
      <Icon of={icon} className={tone} isSolid={isDot} size={isDot ? 10 : 16} />
      {word}
    </span>
  );
}
