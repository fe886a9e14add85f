/**
 * Keeps positions from the tail right while entries between them and the tail are removed. Cost: a binary search for each
 * question; each removal shifts the later ones.
 */
export class ShiftedPositions {
  readonly #removed: number[] = [];

  /** Where an entry is now that was at this position at first. */
  now(fromTail: number): number {
    return fromTail - this.#below(fromTail);
  }

  /** Notes that the entry that was at this position at first is gone. */
  remove(fromTail: number): void {
    const index = this.#below(fromTail);
    if (this.#removed[index] !== fromTail) this.#removed.splice(index, 0, fromTail);
  }

  /** How many of the removed ones were nearer to the tail. */
  #below(fromTail: number): number {
    let low = 0;
    let high = this.#removed.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#removed[middle]! < fromTail) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
