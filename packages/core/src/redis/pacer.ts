import { setTimeout as sleep } from 'node:timers/promises';
import { isErrorReply, type Redis } from './client.js';
import { nextPace, type Pace, type PaceState } from './pace.js';

/** The time that a Pacer measures and waits by, in ms. */
export interface PacerTime {
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

const REAL_TIME: PacerTime = { now: () => performance.now(), sleep };

export interface PacerOptions {
  /** Absent: `auto`. */
  pace?: Pace | undefined;
  /** How much a call does at full pace: keys, or whatever the calls take. */
  size: number;
  /** How much the first call does at any other pace. Absent: `size`. */
  first?: number;
  /** The least and the most. Absent: a tenth of `size`, and four times as much. */
  min?: number;
  max?: number;
  /** Absent: the real time. */
  time?: PacerTime | undefined;
}

/**
 * Sets the size of each call of a long walk by the time that the ones before it took, so that other clients go on as
 * before. Calls may not overlap. Cost: a PING before the first call.
 */
export class Pacer {
  readonly #client: Redis;
  readonly #options: Required<Omit<PacerOptions, 'time'>>;
  readonly #time: PacerTime;
  #state: PaceState;

  constructor(
    client: Redis,
    {
      pace = 'auto',
      size,
      first = size,
      min = Math.max(1, Math.round(size / 10)),
      max = size * 4,
      time = REAL_TIME,
    }: PacerOptions,
  ) {
    this.#client = client;
    this.#options = { pace, size, first, min, max };
    this.#time = time;
    this.#state = { size: first, idleMs: Number.POSITIVE_INFINITY, restMs: 0 };
  }

  /** How much the next call is to do. */
  get size(): number {
    return this.#options.pace === 'full' ? this.#options.size : this.#state.size;
  }

  /** Makes a call of the size that it is given, after a rest where the server is busy. */
  async run<Reply>(call: (size: number) => Promise<Reply>): Promise<Reply> {
    if (this.#options.pace === 'full') return await call(this.#options.size);
    const { size, restMs } = this.#state;
    if (restMs > 0) await this.#time.sleep(restMs);
    if (this.#state.idleMs === Number.POSITIVE_INFINITY) await this.#measureIdle();
    const startedAt = this.#time.now();
    const reply = await call(size);
    this.#state = nextPace(this.#state, this.#time.now() - startedAt, this.#options);
    return reply;
  }

  async #measureIdle(): Promise<void> {
    const startedAt = this.#time.now();
    // A user who may not ping gets the answer in the same time.
    await this.#client.sendCommand(['PING']).catch((error: unknown) => {
      if (!isErrorReply(error)) throw error;
    });
    this.#state.idleMs = this.#time.now() - startedAt;
  }
}
