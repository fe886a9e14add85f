import type { TrafficStats, Transition } from './traffic-options.js';

/** Counts what the writers do. */
export class TrafficCounts {
  readonly #startedAt = performance.now();
  readonly #transitions = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  readonly #errors: string[] = [];
  #endedAt: number | undefined;
  #total = 0;
  created = 0;
  deleted = 0;
  killed = 0;
  lost = 0;
  torn = 0;

  get total(): number {
    return this.#total;
  }

  add({ from, to }: Transition): void {
    const name = `${from ?? 'new'} -> ${to ?? 'deleted'}`;
    this.#transitions.set(name, (this.#transitions.get(name) ?? 0) + 1);
    this.#total++;
    if (from === null) this.created++;
    if (to === null) this.deleted++;
  }

  addDropped(reason: string): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }

  addError(error: unknown): void {
    this.#errors.push(error instanceof Error ? error.message : String(error));
  }

  end(): void {
    this.#endedAt ??= performance.now();
  }

  stats(): TrafficStats {
    return {
      transitions: Object.fromEntries(this.#transitions),
      total: this.#total,
      created: this.created,
      deleted: this.deleted,
      killed: this.killed,
      lost: this.lost,
      torn: this.torn,
      dropped: Object.fromEntries(this.#dropped),
      seconds: ((this.#endedAt ?? performance.now()) - this.#startedAt) / 1000,
      errors: [...this.#errors],
    };
  }
}
