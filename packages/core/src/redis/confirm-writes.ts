import { isErrorReply, type Redis } from './client.js';
import type { ReplicaConfirmation } from './replica-confirmation.js';
import { readServerInfo, type ServerInfo } from './server-info.js';

/** How long a replica may take to confirm, in ms. */
const CONFIRM_MS = 1_000;
/** After a replica has failed to confirm, how often it is asked again before the end, in ms. */
const RETRY_MS = 5_000;

/**
 * Lets replicas confirm what one connection has written. A failover can lose what no replica has: a demoted primary accepts
 * writes for seconds after its replica has become the primary, and has no replica any more by then.
 */
export class WriteConfirmation {
  readonly #client: Redis;
  #replicates: boolean | undefined;
  #written = false;
  #state: ReplicaConfirmation = 'not-needed';
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  /** `server` is what the server said of itself; undefined if it refused. */
  constructor(client: Redis, server: Pick<ServerInfo, 'replicates'> | undefined) {
    this.#client = client;
    this.#replicates = server?.replicates;
  }

  /** What became of everything that was written so far. */
  get state(): ReplicaConfirmation {
    return this.#state;
  }

  /**
   * Call it after each write. On a server with replicas it resolves when one has confirmed the write, or has failed to: what a run
   * reports as done before a failure is then true. Writes that are under way at once share a WAIT.
   */
  async confirm(): Promise<void> {
    this.#written = true;
    const rests = performance.now() - this.#failedAt < RETRY_MS;
    if (this.#replicates === true && this.#state !== 'not-permitted' && !rests) await this.#waitForNext();
  }

  /** Call it when the last write is done. Replicas may have come meanwhile. Cost: up to two calls, and a second. */
  async finish(): Promise<ReplicaConfirmation> {
    if (!this.#written) return this.#state;
    this.#replicates = (await readServerInfo(this.#client))?.replicates;
    if (this.#replicates === false) this.#state = 'not-needed';
    else await this.#waitForNext();
    return this.#state;
  }

  /** A WAIT covers what was written before it was sent. One that is under way may have been sent too early. */
  async #waitForNext(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#wait().finally(() => {
        this.#running = undefined;
      });
      return await this.#running;
    }
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#waitForNext();
    });
    return await this.#next;
  }

  async #wait(): Promise<void> {
    try {
      const replicas = await this.#client.sendCommand<number>(['WAIT', '1', String(CONFIRM_MS)]);
      if (replicas > 0) this.#state = 'confirmed';
      else this.#state = this.#replicates === undefined ? 'unknown' : 'failed';
    } catch (error) {
      if (!isErrorReply(error)) throw error;
      // A primary that becomes a replica ends a WAIT with an error, too.
      const isRefused = /NOPERM|unknown command/i.test(error.message);
      this.#state = !isRefused ? 'failed' : this.#replicates === undefined ? 'unknown' : 'not-permitted';
    }
    this.#failedAt = this.#state === 'confirmed' ? Number.NEGATIVE_INFINITY : performance.now();
  }
}
