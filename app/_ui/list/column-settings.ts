import type { Column } from "./column.ts";

/** How a person wants the columns of a list. */
export interface ColumnSettings {
  /** Ids in their order; a column that is not named keeps its place. */
  readonly order: readonly string[];
  /** Ids of those that are shown or hidden other than at first. */
  readonly toggled: readonly string[];
  /** Pixels; a column that is not named is as wide as the list makes it. */
  readonly widths: Readonly<Record<string, number>>;
}

/** Columns as the list has them. */
export const defaultColumns: ColumnSettings = { order: [], toggled: [], widths: {} };

/** Bounds of a width that a person gives, in pixels. */
export const widthLimits = { least: 64, most: 900 } as const;

/** The columns that are shown, as a person wants them. The first and those that are fixed stay where they are. */
export function applySettings<Row>(all: readonly Column<Row>[], settings: ColumnSettings): readonly Column<Row>[] {
  return orderedColumns(all, settings)
    .filter((column) => isShown(column, settings))
    .map((column) => {
      const width = settings.widths[column.id];
      return width === undefined ? column : { ...column, width: `${width}px` };
    });
}

function isShown<Row>({ id, isFixed, isExtra = false }: Column<Row>, { toggled }: ColumnSettings): boolean {
  return isFixed === true || toggled.includes(id) === isExtra;
}

/** All columns in their order, hidden ones too. */
export function orderedColumns<Row>(all: readonly Column<Row>[], { order }: ColumnSettings): readonly Column<Row>[] {
  const places = all.flatMap((column, index) => (column.isFixed || !order.includes(column.id) ? [] : [index]));
  const named = order.flatMap((id) => all.filter((column) => column.id === id && !column.isFixed));
  const result = [...all];
  for (const [index, place] of places.entries()) result[place] = named[index] ?? (result[place] as Column<Row>);
  return result;
}

/** A column moved past its neighbours. @param by places; negative: to the left */
export function moveColumn<Row>(
  all: readonly Column<Row>[],
  settings: ColumnSettings,
  id: string,
  by: number,
): ColumnSettings {
  const ids = orderedColumns(all, settings)
    .filter(({ isFixed }) => !isFixed)
    .map((column) => column.id);
  const shown = applySettings(all, settings)
    .map((column) => column.id)
    .filter((each) => ids.includes(each));
  const target = shown[shown.indexOf(id) + by];
  if (target === undefined || !shown.includes(id) || by === 0) return settings;
  const rest = ids.filter((each) => each !== id);
  rest.splice(rest.indexOf(target) + (by > 0 ? 1 : 0), 0, id);
  return { ...settings, order: rest };
}

/** A column hidden, or shown again. */
export function toggleColumn(settings: ColumnSettings, id: string): ColumnSettings {
  const others = settings.toggled.filter((each) => each !== id);
  return { ...settings, toggled: others.length < settings.toggled.length ? others : [...others, id] };
}

/** A column of another width, in pixels. */
export function resizeColumn(settings: ColumnSettings, id: string, width: number): ColumnSettings {
  const bounded = Math.round(Math.min(widthLimits.most, Math.max(widthLimits.least, width)));
  return { ...settings, widths: { ...settings.widths, [id]: bounded } };
}

/** The columns of a link: what is shown, in its order; absent: as the list has them. */
export function toSharedColumns<Row>(all: readonly Column<Row>[], settings: ColumnSettings): string | undefined {
  const textOf = (of: ColumnSettings) =>
    applySettings(all, of)
      .filter(({ isFixed }) => !isFixed)
      .map(({ id }) => id)
      .join(",");
  const text = textOf(settings);
  return text === textOf(defaultColumns) ? undefined : text;
}

/** The settings that a link asks for; names of no column say nothing. */
export function fromSharedColumns<Row>(all: readonly Column<Row>[], text: string): ColumnSettings {
  const order = text.split(",").filter((id) => all.some((column) => column.id === id && !column.isFixed));
  if (order.length === 0) return defaultColumns;
  const others = all.filter(({ id, isFixed }) => !isFixed && !order.includes(id)).map(({ id }) => id);
  const toggled = all.filter(({ id, isFixed, isExtra = false }) => !isFixed && order.includes(id) === isExtra);
  return { order: [...order, ...others], toggled: toggled.map(({ id }) => id), widths: {} };
}

/** Settings as they are kept; what is none is as if nothing was kept. */
export function parseSettings(text: string | null): ColumnSettings {
  try {
    const { order, toggled, widths }: Record<string, unknown> = JSON.parse(text ?? "");
    if (!isTexts(order) || !isTexts(toggled) || !isWidths(widths)) return defaultColumns;
    return { order, toggled, widths };
  } catch {
    return defaultColumns;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isWidths(value: unknown): value is Record<string, number> {
  return typeof value === "object" && value !== null && Object.values(value).every(isWidth);
}

function isWidth(value: unknown): boolean {
  return typeof value === "number" && value >= widthLimits.least && value <= widthLimits.most;
}
