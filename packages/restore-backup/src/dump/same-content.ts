import { type DumpContent, dumpContent } from './dump-content.js';

/**
 * True where two dumps hold the same. Their bytes need not be equal for that: the fields of a hash come in the order of
 * its table, which a restored one does not share, and small ones are packed when they are restored. Where a dump
 * cannot be read, only equal bytes are the same.
 */
export function isSameContent(a: Buffer, b: Buffer): boolean {
  if (a.equals(b)) return true;
  const [contentA, contentB] = [dumpContent(a), dumpContent(b)];
  if (!contentA || !contentB || contentA.kind !== contentB.kind) return false;
  const [partsA, partsB] = [partsOf(contentA), partsOf(contentB)];
  return partsA.length === partsB.length && partsA.every((part, i) => part.equals(partsB[i]!));
}

/** The content as a row of byte strings in one order. */
function partsOf(content: DumpContent): Buffer[] {
  if ('pairs' in content) return content.pairs.sort(([a], [b]) => a.compare(b)).flat();
  return content.kind === 'set' ? content.elements.sort((a, b) => a.compare(b)) : content.elements;
}
