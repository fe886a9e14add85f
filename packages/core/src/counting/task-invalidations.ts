import { TASK_KEY_PREFIX } from '../model/keys.js';
import { endClient, type Redis } from '../redis/client.js';

/**
 * The task keys that changed since they were last taken out, as the server reports them on a connection of its own
 * (`CLIENT TRACKING … BCAST`, Redis 6). Costs the server no memory per key. A key changed in any database counts:
 * looking at it once more does no harm. What SWAPDB does goes unreported: do not swap databases while a count runs.
 *
 * The order that exactness stands on: the server sends the changes of one turn of its event loop at the end of that
 * turn. Once a PING is answered that was sent after the reply of a command, every change from before that command
 * has been noted here.
 */
export class TaskInvalidations {
  /** True once the whole database was emptied: no single keys are reported then. */
  flushed = false;
  readonly #keys = new Set<string>();
  readonly #cutOff = () => endClient(this.client);

  private constructor(
    readonly client: Redis,
    private readonly like: Redis,
  ) {
    like.on('end', this.#cutOff); // who cuts that one off means both
    client.on('invalidate', (key: Buffer | null) => {
      if (key === null) this.flushed = true;
      else this.#keys.add(key.toString('latin1'));
    });
  }

  /** Opens a connection like the given one and listens from now on. Cost: a connection and three calls. */
  static async open(like: Redis): Promise<TaskInvalidations> {
    // Without reconnecting: changes in the gap would go unnoticed.
    const socket = { ...like.options?.socket, reconnectStrategy: false as const };
    const client = like.duplicate({ RESP: 3, emitInvalidate: true, socket }) as Redis;
    client.on('error', () => {}); // whoever awaits a command is told by its rejection
    const changes = new TaskInvalidations(client, like);
    try {
      await client.connect();
      await client.sendCommand(['CLIENT', 'TRACKING', 'OFF']); // node-redis turned on the kind that names single keys
      await client.sendCommand(['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', TASK_KEY_PREFIX]);
    } catch (error) {
      await changes.close();
      throw error;
    }
    return changes;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Takes up to `limit` changed keys out; each in latin1, a byte per character. */
  take(limit: number): string[] {
    const taken: string[] = [];
    for (const key of this.#keys) {
      if (taken.length === limit) break;
      taken.push(key);
    }
    for (const key of taken) this.#keys.delete(key);
    return taken;
  }

  /** The changed keys that are not among the given ones. */
  beyond(known: ReadonlySet<string>): string[] {
    return [...this.#keys].filter((key) => !known.has(key));
  }

  /** Returns once every change that the server made before this call has been noted. Cost: one PING. */
  async sync(): Promise<void> {
    await this.client.sendCommand(['PING']);
  }

  async close(): Promise<void> {
    this.like.off('end', this.#cutOff);
    endClient(this.client);
  }
}
