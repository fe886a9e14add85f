import { isErrorReply, type Redis } from './client.js';
import type { ReplicaConfirmation } from './replica-confirmation.js';
import { readServerInfo, type ServerInfo } from './server-info.js';

/** How long a replica may take to confirm, in ms. */
const CONFIRM_MS = 1_000;
/**
 * After a WAIT, none is sent for so many times what it took: a distant replica slows a long run down by at most a twentieth.
 * fix-stuck-tasks repairs 20,000 tasks in 8 s, be the replica near or 60 ms away. It took 40 s when each write waited.
 */
const REST_FACTOR = 20;

/**
 * Lets replicas confirm what one connection has written. A failover can lose what no replica has: a demoted primary accepts
 * writes for seconds after its replica has become the primary, and has no replica any more by then.
 */
export class WriteConfirmation {
  readonly #client: Redis;
  readonly #now: () => number;
  #replicates: boolean | undefined;
  #state: ReplicaConfirmation = 'not-needed';
  #hasWritten = false;
  /** True: something was written after the last WAIT was sent. */
  #isBehind = false;
  #restsUntil = Number.NEGATIVE_INFINITY;

  /** `server` is what the server said of itself; undefined if it refused. `now` is a clock in ms. */
  constructor(
    client: Redis,
    server: Pick<ServerInfo, 'replicates'> | undefined,
    now = () => performance.now(),
  ) {
    this.#client = client;
    this.#replicates = server?.replicates;
    this.#now = now;
  }

  /** What became of everything that was written so far. */
  get state(): ReplicaConfirmation {
    return this.#isBehind ? 'failed' : this.#state;
  }

  /**
   * Call it after each write. On a server with replicas it now and then resolves only when a replica has confirmed all writes so far, or
   * has failed to. Until the next time, {@link state} says that writes are unconfirmed.
   */
  async confirm(): Promise<void> {
    this.#hasWritten = true;
    if (this.#replicates !== true || this.#state === 'not-permitted') return;
    this.#isBehind = true;
    if (this.#now() >= this.#restsUntil) await this.#wait();
  }

  /** Call it when the last write is done. Replicas may have come meanwhile. Cost: up to two calls, and a second. */
  async finish(): Promise<ReplicaConfirmation> {
    if (!this.#hasWritten) return this.#state;
    this.#replicates = (await readServerInfo(this.#client))?.replicates;
    if (this.#replicates === false) this.#state = 'not-needed';
    else await this.#wait();
    return this.state;
  }

  /** A WAIT covers what its connection has written before. Later commands of the connection wait, too. */
  async #wait(): Promise<void> {
    const startedAt = this.#now();
    this.#isBehind = false;
    this.#restsUntil = Number.POSITIVE_INFINITY; // one at a time
    try {
      const replicas = await this.#client.sendCommand<number>(['WAIT', '1', String(CONFIRM_MS)]);
      if (replicas > 0) this.#state = 'confirmed';
      else this.#state = this.#replicates === undefined ? 'unknown' : 'failed';
    } catch (error) {
      if (!isErrorReply(error)) {
        this.#isBehind = this.#replicates === true;
        throw error;
      }
      // A primary that becomes a replica ends a WAIT with an error, too.
      const isRefused = /NOPERM|unknown command/i.test(error.message);
      this.#state = !isRefused ? 'failed' : this.#replicates === undefined ? 'unknown' : 'not-permitted';
    }
    const endedAt = this.#now();
    this.#restsUntil = endedAt + REST_FACTOR * (endedAt - startedAt);
  }
}
