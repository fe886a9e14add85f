import { setTimeout as sleep } from 'node:timers/promises';

/** So much time passes at most from one step of a writer to the next one of any. */
const LONGEST_STEP_MS = 10;
const BETWEEN_LOOKS_MS = 5;

/** The time by which traffic works, and writes into its tasks. */
export interface TrafficClock {
  /** Milliseconds since 1970, with a fraction. */
  now(): number;
  /** A writer has made a step. */
  step(): void;
}

export const REAL_CLOCK: TrafficClock = {
  now: () => performance.timeOrigin + performance.now(),
  step: () => {},
};

/** Goes on only while writers make steps: it stands still while the machine is busy with something else. */
export class WorkClock implements TrafficClock {
  #now = REAL_CLOCK.now();
  #steppedAt = REAL_CLOCK.now();

  now(): number {
    return this.#now;
  }

  step(): void {
    const at = REAL_CLOCK.now();
    this.#now += Math.min(at - this.#steppedAt, LONGEST_STEP_MS);
    this.#steppedAt = at;
  }

  /** Resolves once so much time has passed; never where no traffic runs. */
  async wait(ms: number): Promise<void> {
    const end = this.#now + ms;
    while (this.#now < end) await sleep(BETWEEN_LOOKS_MS);
  }
}
