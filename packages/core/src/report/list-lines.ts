/**
 * The first `shown` items of a list, one line for each, and a line that says how many more there are. `total` is how many there
 * are in all, if `items` has only the first.
 */
export function listLines<Item>(
  items: readonly Item[],
  text: (item: Item) => string,
  { shown, total = items.length }: { shown: number; total?: number },
): string[] {
  const lines = items.slice(0, shown).map((item) => `   - ${text(item)}`);
  const more = total - lines.length;
  return more > 0 ? [...lines, `   … and ${more} more`] : lines;
}
