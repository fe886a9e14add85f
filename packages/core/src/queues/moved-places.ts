/**
 * Keeps places from the tail right while entries between them and the tail are removed. Cost: a binary search a
 * question, and a shift of the later ones for each removal.
 */
export class MovedPlaces {
  readonly #removed: number[] = [];

  /** Where an entry stands now that stood at this place at first. */
  now(fromTail: number): number {
    return fromTail - this.#below(fromTail);
  }

  /** Notes that the entry that stood at this place at first is gone. */
  remove(fromTail: number): void {
    const at = this.#below(fromTail);
    if (this.#removed[at] !== fromTail) this.#removed.splice(at, 0, fromTail);
  }

  /** How many of the removed ones stood nearer to the tail. */
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
