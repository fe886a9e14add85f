/** The first items of a list, a line each, and how many more there are. `total`: of all, if `items` has only some of them. */
export function listLines<Item>(
  items: readonly Item[],
  text: (item: Item) => string,
  { shown, total = items.length }: { shown: number; total?: number },
): string[] {
  const lines = items.slice(0, shown).map((item) => `   - ${text(item)}`);
  const more = total - lines.length;
  return more > 0 ? [...lines, `   … and ${more} more`] : lines;
}
