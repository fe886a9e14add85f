/** A blank line and the lines. Nothing if there are no lines. */
export function paragraph(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
