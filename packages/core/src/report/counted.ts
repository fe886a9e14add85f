/** A number with its noun, in singular or plural: `1 task`, `2 tasks`, `0 queue entries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
