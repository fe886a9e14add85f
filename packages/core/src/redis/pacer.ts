import { setTimeout as sleep } from 'node:timers/promises';
import { nextPace, type Pace, type PaceState } from './pace.js';
import { ServerTimer } from './server-time.js';

export interface PacerOptions {
  /** Absent: `auto`. */
  pace?: Pace | undefined;
  /** How much a call does at full pace: keys, or other things. */
  size: number;
  /** How much the first call does at any other pace. Absent: `size`. */
  first?: number;
  /** The least and the most. Absent: a tenth of `size`, and four times as much. */
  min?: number;
  max?: number;
  /** How it measures and waits. Absent: the server's own time, and real waiting. */
  time?: PacerTime | undefined;
}

/** How a Pacer measures and waits, in ms. */
export interface PacerTime {
  /** How long the server worked on a call. Undefined if that is unknown. */
  servedMs(timer: ServerTimer): number | undefined;
  sleep(ms: number): Promise<unknown>;
}

const REAL_TIME: PacerTime = { servedMs: ({ ms }) => ms, sleep };

/**
 * Chooses the size of each call of a long walk by the time that the server has worked on the scripts of the last one. So other
 * clients go on as before. Calls may not overlap.
 */
export class Pacer {
  readonly #options: Required<Omit<PacerOptions, 'time'>>;
  readonly #time: PacerTime;
  #state: PaceState;

  constructor({
    pace = 'auto',
    size,
    first = size,
    min = Math.max(1, Math.round(size / 10)),
    max = size * 4,
    time = REAL_TIME,
  }: PacerOptions) {
    this.#options = { pace, size, first, min, max };
    this.#time = time;
    this.#state = { size: first, restMs: 0 };
  }

  /** How much the next call is to do. */
  get size(): number {
    return this.#options.pace === 'full' ? this.#options.size : this.#state.size;
  }

  /**
   * Makes a call, after a rest if the server is overloaded. The call gets its size, and a timer that it must hand to its scripts:
   * without it, the size never changes. At full pace there is no timer.
   */
  async run<Reply>(call: (size: number, timer?: ServerTimer) => Promise<Reply>): Promise<Reply> {
    if (this.#options.pace === 'full') return await call(this.#options.size);
    const { size, restMs } = this.#state;
    if (restMs > 0) await this.#time.sleep(restMs);
    const timer = new ServerTimer();
    const reply = await call(size, timer);
    const ms = this.#time.servedMs(timer);
    this.#state = ms === undefined ? { size, restMs: 0 } : nextPace(this.#state, ms, this.#options);
    return reply;
  }
}
