/**
 * Splits `total` by weights into whole numbers that add up to it (largest remainder; at a tie the earlier name).
 * Throws where no weight is above 0.
 */
export function shares<K extends string>(
  total: number,
  weights: Readonly<Partial<Record<K, number>>>,
): Map<K, number> {
  const entries = Object.entries(weights) as [K, number][];
  const sum = entries.reduce((all, [, weight]) => all + weight, 0);
  if (!(sum > 0)) throw new Error('a mix needs at least one weight above 0');
  const exact = entries.map(([name, weight]) => ({ name, share: (total * weight) / sum }));
  const result = new Map(exact.map(({ name, share }) => [name, Math.floor(share)]));
  const missing = total - [...result.values()].reduce((all, count) => all + count, 0);
  exact
    .sort((a, b) => (b.share % 1) - (a.share % 1))
    .slice(0, missing)
    .forEach(({ name }) => {
      result.set(name, (result.get(name) ?? 0) + 1);
    });
  return result;
}
