/** A column: its heading and its minimum width. */
export interface Column {
  heading: string;
  width: number;
}

/**
 * A table as lines: headings, dashes, rows. Columns are left-aligned and grow with their cells. Lines have no trailing blanks.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ width }, i) => Math.max(width, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join(' ')
      .trimEnd();
  return [
    line(columns.map(({ heading }) => heading)),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
  ];
}
