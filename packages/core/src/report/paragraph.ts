/** Lines with a blank one before them; nothing where there are none. */
export function paragraph(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
