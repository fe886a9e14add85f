/** A column: its heading and the least width that it takes. */
export interface Column {
  heading: string;
  width: number;
}

/**
 * A table of left-aligned columns under a line of dashes; a column grows with what is in it. No blanks at the ends.
 * Returns lines.
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
