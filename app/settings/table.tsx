import type { ReactNode } from "react";
import { join } from "../_ui/join.ts";
import styles from "./settings.module.css";

/** A column of a table of few rows. */
export interface TableColumn<Row> {
  readonly name: string;
  readonly isNumber?: true;
  /** Its words are names and addresses of any length, which are broken anywhere; those of other columns stay in one line. */
  readonly isLong?: true;
  readonly cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** True for a row that does not hold any more. */
  readonly isOld?: (row: Row) => boolean;
  /** Where its cells are placed otherwise. */
  readonly className?: string | undefined;
}

/** A table of few rows; where the page is narrow, each row is a card that names its cells. */
export function Table<Row>({ label, columns, rows, keyOf, isOld, className }: TableProps<Row>) {
  return (
    <table className={join(styles.table, className)} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ name, isNumber }) => (
            <th key={name} scope="col" data-right={isNumber}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className={isOld?.(row) ? styles.old : undefined}>
            {columns.map(({ name, isNumber, isLong, cell }) => (
              <td key={name} data-right={isNumber} data-long={isLong} data-label={name}>
                <span>{cell(row)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
