import type { ObservedState } from '../model/task-counts.js';

/** With its finding, an entry takes 0.5 kB. */
const MOST_KEPT = 25_000;

/** An entry of a queue that may be wrong. */
export interface DoubtfulEntry {
  id: Buffer;
  /** What was at its task's key. A DLQ entry whose dead-letter copy is left counts as DLQ. */
  observedState: ObservedState;
  /** True if the list holds the id nearer to the tail too. */
  isRepeated: boolean;
}

/** The entries of one queue that may be wrong: the first ones, and the number of the others. */
export class DoubtfulEntries {
  readonly kept: DoubtfulEntry[] = [];
  /** How many entries without a task were not kept. */
  moreWithoutTask = 0;
  /** How many other entries were not kept. */
  moreOthers = 0;

  constructor(private readonly most = MOST_KEPT) {}

  /** Keeps a copy of the entry, which does not keep the reply. */
  add({ id, observedState, isRepeated }: DoubtfulEntry): void {
    if (this.kept.length < this.most) this.kept.push({ id: Buffer.from(id), observedState, isRepeated });
    else if (observedState === 'absent') this.moreWithoutTask++;
    else this.moreOthers++;
  }
}
