import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps a total at or under a rate: whoever is ahead of it rests. */
export class Pacer {
  readonly #startedAt = performance.now();

  constructor(
    readonly ratePerSecond: number | undefined,
    readonly total: () => number,
  ) {}

  /** Rests until the total is due; at most a quarter of a second, so that a stop is soon seen. */
  async turn(): Promise<void> {
    if (this.ratePerSecond === undefined) return;
    const dueAt = this.#startedAt + (this.total() / this.ratePerSecond) * 1000;
    const wait = dueAt - performance.now();
    if (wait > 0) await sleep(Math.min(wait, 250));
  }
}
