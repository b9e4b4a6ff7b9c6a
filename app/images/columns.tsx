import { Check, Triangle } from "lucide-react";
import type { ImageRow } from "../../content/catalog.ts";
import { Bytes } from "../_ui/bytes.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { formatBytes, formatCount, formatCounted, formatExactBytes, unknown } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { join } from "../_ui/join.ts";
import type { Column } from "../_ui/list/column.ts";
import { Age } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { attestationsOf, shortPlatform } from "./attested.ts";
import type { ImageLine, NamesLine } from "./image-line.ts";
import { updatedAtOf } from "./image-line.ts";
import styles from "./images.module.css";
import { isIncomplete } from "./kind.ts";
import { TagText } from "./tag-text.tsx";

/** A column of what an image is; headings have none. */
function column(
  options: Omit<Column<ImageLine>, "cell">,
  cell: (line: NamesLine) => React.ReactNode,
): Column<ImageLine> {
  return { ...options, cell: (line) => (line.kind === "names" ? cell(line) : null) };
}

const name = column(
  {
    id: "name",
    header: "Name",
    width: "minmax(224px, 2.4fr)",
    isFixed: true,
    isName: true,
    isSortable: true,
    className: styles.name,
  },
  ({ repository, images, isGrouped }) => (
    <span className={join(styles.nameText, isGrouped && styles.below)} data-tip={namesTip(images)}>
      <RepositoryText repository={repository} isShort={isGrouped} />
      <span className={styles.tagBeside}>
        <TagText image={images[0].image} />
        {images.length > 1 && <span className="faint"> +{images.length - 1}</span>}
      </span>
    </span>
  ),
);

interface RepositoryTextProps {
  readonly repository: string;
  /** Its heading has all of it. */
  readonly isShort: boolean;
}

/** A repository: its last part is what tells it from others, and is cut last. */
function RepositoryText({ repository, isShort }: RepositoryTextProps) {
  const end = repository.lastIndexOf("/") + 1;
  if (repository === "") return <span className="faint">no name</span>;
  return (
    <>
      {end > 0 && !isShort && <span className={styles.prefix}>{visibleText(repository.slice(0, end))}</span>}
      <span className="cut strike">{visibleText(repository.slice(end))}</span>
    </>
  );
}

function namesTip(images: readonly ImageRow[]): string {
  return images
    .slice(0, 20)
    .map(({ image }) => visibleText(image.name))
    .join("\n");
}

const tag = column(
  { id: "tag", header: "Tag", width: "minmax(112px, 1fr)", isFixed: true, isSortable: true, className: styles.tag },
  ({ images }) => (
    <span className={styles.tags} data-tip={namesTip(images)}>
      {images.map(({ image }, index) => (
        <span key={image.name}>
          {index > 0 && <span className="faint">, </span>}
          <TagText image={image} />
        </span>
      ))}
    </span>
  ),
);

const digest = column(
  { id: "digest", header: "Digest", width: "148px", isSortable: true, className: styles.digest },
  ({ images: [{ image }] }) => <DigestText digest={image.target.digest} />,
);

const platforms = column(
  { id: "platforms", header: "Platforms", width: "minmax(104px, .6fr)", className: styles.platforms },
  ({ images: [row] }) => {
    const all = row.platforms.toSorted((a, b) => Number(b.complete) - Number(a.complete));
    if (all.length === 0) return <span className="faint">{isIncomplete(row) ? unknown : "none"}</span>;
    return (
      <span
        className="cut"
        data-tip={all.map(({ platform, complete }) => `${platform}${complete ? "" : ": not here"}`).join("\n")}
      >
        {all.map(({ platform, complete }, index) => (
          <span key={platform}>
            {index > 0 && " "}
            <span className={complete ? undefined : styles.absent}>{visibleText(shortPlatform(platform))}</span>
          </span>
        ))}
      </span>
    );
  },
);

const complete = column(
  { id: "complete", header: "Complete", width: "92px", align: "end", isSortable: true, className: styles.complete },
  ({ images: [row] }) => <Complete row={row} />,
);

/** How many of the blobs that an image needs are here. */
export function Complete({ row }: { readonly row: ImageRow }) {
  const { blobsPresent, blobsNeeded, truncated } = row;
  const words = `${formatCount(blobsPresent)}/${formatCount(blobsNeeded)}`;
  const needed = `${truncated ? "at least " : ""}${formatCount(blobsNeeded)}`;
  const tip = `${formatCount(blobsPresent)} of the ${needed} blobs that it needs are here`;
  if (!isIncomplete(row)) {
    return (
      <span className="muted" data-tip={tip}>
        {truncated && "≥ "}
        {words}
      </span>
    );
  }
  return (
    <span className={styles.sign} data-tip={tip} data-row-tip="">
      <Icon of={Triangle} size={12} isSolid className="warn" />
      <span className="warn">{words}</span>
      <span className="hidden">incomplete</span>
    </span>
  );
}

const size = column(
  { id: "size", header: "Size Σ", width: "96px", align: "end", isSortable: true, className: styles.size },
  ({ images: [{ bytes, truncated }] }) => (
    <span
      data-tip={`${formatExactBytes(bytes)} of blobs that are here.\nImages share blobs: the sizes of several do not add up.`}
    >
      {truncated && "≥ "}
      {formatBytes(bytes)}
    </span>
  ),
);

const unique = column(
  { id: "unique", header: "Unique", width: "88px", align: "end", isSortable: true, className: styles.unique },
  ({ images: [{ uniqueBytes, truncated }] }) => (
    <span data-tip={`${formatExactBytes(uniqueBytes)} that no image of another digest leads to, in any namespace.`}>
      {truncated && "≥ "}
      {formatBytes(uniqueBytes)}
    </span>
  ),
);

const attested = column(
  { id: "attested", header: "Attested", width: "124px", className: styles.attested },
  ({ images: [{ predicateTypes }] }) => {
    const kinds = attestationsOf(predicateTypes);
    if (kinds.length === 0) return <span className="faint">no</span>;
    return (
      <span className={styles.kinds} data-tip={predicateTypes.map(visibleText).join("\n")}>
        {kinds.map((kind) => (
          <span key={kind} className={styles.sign}>
            <Icon of={Check} size={12} className="muted" />
            {kind === "provenance" ? "prov" : kind}
          </span>
        ))}
      </span>
    );
  },
);

const namespace = column(
  { id: "ns", header: "Namespace", width: "minmax(88px, 112px)", isSortable: true, className: styles.namespace },
  (line) => line.namespace,
);

const updated = column(
  { id: "updated", header: "Updated", width: "88px", align: "end", isSortable: true, className: styles.updated },
  (line) => <Age at={updatedAtOf(line)} />,
);

/** Columns that tell what a panel beside the list tells too. */
export const toldByPanel: ReadonlySet<string> = new Set(["digest", "platforms", "unique", "attested", "ns", "updated"]);

/** The columns of the images. @param hasNamespaces rows are of several namespaces */
export function imageColumns(hasNamespaces: boolean): readonly Column<ImageLine>[] {
  return [
    name,
    tag,
    digest,
    platforms,
    complete,
    size,
    unique,
    attested,
    ...(hasNamespaces ? [namespace] : []),
    updated,
  ];
}

/** What stands above the lines of a repository. */
export function headingOf(line: ImageLine, hasNamespaces: boolean): React.ReactNode | undefined {
  if (line.kind !== "heading") return undefined;
  const { repository, shown, count, together } = line;
  const words = `${shown < count ? `${formatCount(shown)} of ` : ""}${formatCounted(count, "name")}`;
  return (
    <span className={styles.heading}>
      <b>{repository === "" ? "no name" : visibleText(repository)}</b>
      <span className="cut">
        {hasNamespaces && <>{line.namespace} · </>}
        {words}
        {together && (
          <>
            {" "}
            · overlap <Bytes of={together.overlapBytes} /> · together <Bytes of={together.bytes} />
          </>
        )}
      </span>
    </span>
  );
}
