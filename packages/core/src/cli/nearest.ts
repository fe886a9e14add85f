/** The only known word that begins as the typed one, or one that differs in at most two letters. Pure. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = plain(typed);
  if (word.length < 3) return undefined;
  const [longer, another] = known.filter((other) => plain(other).startsWith(word));
  if (longer && !another) return longer;
  return known.find((other) => distance(word, plain(other)) <= 2);
}

const plain = (word: string) => word.toLowerCase().replace(/[-_]/g, '');

/** The Levenshtein distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const letter of one) {
    const next = [row[0]! + 1];
    for (let i = 1; i < row.length; i++)
      next.push(Math.min(row[i]! + 1, next[i - 1]! + 1, row[i - 1]! + (letter === other[i - 1] ? 0 : 1)));
    row = next;
  }
  return row[other.length]!;
}
