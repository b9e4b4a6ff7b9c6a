"use client";
import { Autocomplete } from "@base-ui/react/autocomplete";
import {
  Box,
  Boxes,
  Database,
  Download,
  Layers,
  Link2,
  ListFilter,
  type LucideIcon,
  Search,
  Tag,
  Zap,
} from "lucide-react";
import Link from "next/link";
import { algorithmOf, isDigest } from "../../content/digest.ts";
import { chosenKeys } from "../_settings/keys.ts";
import { pages } from "../_shell/pages.ts";
import { ShortHex } from "../_ui/digest-text.tsx";
import { Glyph } from "../_ui/glyph.tsx";
import { Icon } from "../_ui/icon.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { partsOfRef } from "../ingests/ref.ts";
import type { Found } from "./found.ts";
import styles from "./palette.module.css";

interface FoundItemProps {
  readonly found: Found;
  readonly onChoose: (found: Found) => void;
}

/** A line of what was found: a link, or an act. */
export function FoundItem({ found, onChoose }: FoundItemProps) {
  const { href, note, keys } = found;
  return (
    <Autocomplete.Item
      value={found}
      className={styles.item}
      onClick={() => onChoose(found)}
      render={href === undefined ? <div /> : <Link href={href} prefetch={false} />}
    >
      <Sign found={found} />
      <Label found={found} />
      {note !== "" && <span className={styles.note}>{visibleText(note)}</span>}
      {keys !== undefined && (
        <span className={styles.keys} aria-hidden="true">
          {chosenKeys(keys)
            .split(" ")
            .map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
        </span>
      )}
    </Autocomplete.Item>
  );
}

const icons: Readonly<Record<Found["kind"], LucideIcon>> = {
  action: Zap,
  address: Link2,
  blob: Layers,
  image: Boxes,
  ingest: Download,
  label: Tag,
  more: ListFilter,
  namespace: Box,
  page: Layers,
  query: Search,
  store: Database,
};

/** A digest is known by its glyph, a page by its icon. */
function Sign({ found: { kind, label, href } }: { readonly found: Found }) {
  const digest = kind === "blob" ? label : kind === "ingest" ? partsOfRef(label).digest : undefined;
  if (digest !== undefined && isDigest(digest)) {
    return (
      <span className={styles.sign}>
        <Glyph digest={digest} />
      </span>
    );
  }
  const page = kind === "page" ? pages.find(({ path }) => href?.startsWith(path)) : undefined;
  return (
    <span className={styles.sign}>
      <Icon of={page?.icon ?? icons[kind]} />
    </span>
  );
}

function Label({ found: { kind, label } }: { readonly found: Found }) {
  const { prefix, digest } = kind === "blob" || kind === "ingest" ? partsOfRef(label) : { prefix: label };
  if (digest === undefined)
    return <span className={isCode[kind] ? styles.code : styles.label}>{visibleText(prefix)}</span>;
  const algorithm = algorithmOf(digest);
  return (
    <span className={styles.code}>
      <span className="faint">
        {visibleText(prefix)}
        {algorithm !== "sha256" && `${algorithm}:`}
      </span>
      <ShortHex digest={digest} />
    </span>
  );
}

/** What is written in mono: what a machine reads. */
const isCode: Partial<Readonly<Record<Found["kind"], boolean>>> = {
  address: true,
  image: true,
  ingest: true,
  label: true,
  query: true,
};
