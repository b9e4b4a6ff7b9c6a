/**
 * The row that a person means: its number, from 1 and with or without separators, or a share of all rows such as `50%`.
 *
 * @returns its index, from 0, within the rows; absent for anything else
 */
export function rowOfText(text: string, count: number): number | undefined {
  const [, digits, share] = /^(\d[\d\s,._']*)(%)?$/.exec(text.trim()) ?? [];
  if (digits === undefined || count === 0) return undefined;
  const index = share
    ? Math.round((Number.parseFloat(digits) / 100) * (count - 1))
    : Number(digits.replace(/\D/g, "")) - 1;
  return Math.min(count - 1, Math.max(0, index));
}
