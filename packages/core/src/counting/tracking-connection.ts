import { randomUUID } from 'node:crypto';
import { AtfError } from '../errors.js';
import { TASK_KEY_PREFIX } from '../model/keys.js';
import { binaryWithNotice, endClient, isErrorReply, type Redis } from '../redis/client.js';
import { ChangedTasks } from './changed-tasks.js';

/** Nobody publishes there. See {@link TrackingConnection.open}. */
const CHANNEL = 'atf:counting';
/** For how long a server must block to show that it does. */
const BLOCKS_MS = 10;
/** See `#waking`. */
const WAKE_EVERY_MS = 1;
const PING = ['PING'];

/** A client that can subscribe. */
interface Subscriber {
  subscribe(channel: string, listener: () => void): Promise<unknown>;
}

/**
 * A connection on which the server names every task key that changes (`CLIENT TRACKING … BCAST`, Redis 6). This costs the
 * server no memory per key. Changes in other databases are named too, which does no harm. SWAPDB names nothing: do not
 * swap databases while a count runs.
 */
export class TrackingConnection {
  #changed = new ChangedTasks();
  /** What the main connection sends while this one is blocked. */
  #wakeCommand = PING;
  readonly #cutOff = () => endClient(this.client);

  private constructor(
    readonly client: Redis,
    private readonly main: Redis,
  ) {
    main.on('end', this.#cutOff); // Whoever closes the main connection means both.
    client.on('invalidate', (key: Buffer | null) => this.#changed.note(key?.toString('latin1')));
  }

  /**
   * Opens a connection like the tool's main one, and tracks from now on. The connection also subscribes to a channel: the limit
   * `client-output-buffer-limit pubsub` then applies to it. Without that, a tool that is stopped (Ctrl-Z) would make the
   * server keep all its invalidations in memory.
   * Cost: a connection and eight calls.
   */
  static async open(main: Redis): Promise<TrackingConnection> {
    // It must not reconnect: changes in between would go unnoticed.
    const socket = { ...main.options?.socket, reconnectStrategy: false as const };
    const client = main.duplicate({ RESP: 3, emitInvalidate: true, socket }) as Redis & Subscriber;
    client.on('error', () => {}); // The rejection of a command tells whoever awaits it.
    const connection = new TrackingConnection(client, main);
    try {
      await client.connect();
      await client.sendCommand(['CLIENT', 'TRACKING', 'OFF']); // node-redis has turned on another kind.
      await client.sendCommand(['CLIENT', 'TRACKING', 'ON', 'BCAST', 'PREFIX', TASK_KEY_PREFIX]);
      await client.subscribe(CHANNEL, () => {});
      await connection.#mustBlock();
      await connection.#shortenWaits();
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }

  /** The tasks that have changed since tracking began, or since {@link forget}. */
  get changed(): ChangedTasks {
    return this.#changed;
  }

  /** Forgets all changes, for a count that begins anew. */
  forget(): void {
    this.#changed = new ChangedTasks();
  }

  /**
   * A fence behind a script: call it directly after the script is sent. It resolves once the server has named all tasks that
   * changed before the script, or in the same turn of the server's event loop. It returns the position of that point. Later names
   * are of changes after the script.
   *
   * At the end of a turn, the server first answers blocked commands whose time is over, at most one per connection. Then it sends
   * the names of the turn. So the first XREAD may be answered in the turn of the script, but the second one only in a later
   * turn: behind the names. This also holds if CLIENT UNBLOCK ends the first one in the turn of the script, because the
   * connection's next command waits for the end of that turn. Unlike BLPOP, XREAD also works for a user who may only read, and on a replica.
   */
  async fence(): Promise<number> {
    let position: number | undefined;
    const options = binaryWithNotice(() => {
      position ??= this.#changed.position;
    });
    // With an argument, PING is answered by a bulk string. The notice needs one.
    const commands = [this.#block(1), this.#block(1), this.client.sendCommand(['PING', '.'], options)];
    await this.#waking(Promise.all(commands));
    return position ?? this.#changed.position;
  }

  async #block(ms: number): Promise<void> {
    // A new name each time: nobody has such a key. It must be a key that the user may read.
    const key = `${TASK_KEY_PREFIX}${randomUUID()}`;
    await this.client.sendCommand(['XREAD', 'BLOCK', String(ms), 'STREAMS', key, '$']);
  }

  /**
   * Waits for blocked commands. At each command of another connection, the server looks whether they have timed out. Without
   * traffic it looks every 100 ms only, so the main connection sends some commands. CLIENT UNBLOCK even ends a wait early.
   */
  async #waking<Reply>(blocked: Promise<Reply>): Promise<Reply> {
    const wake = () =>
      void this.main.sendCommand(this.#wakeCommand).catch(() => {
        this.#wakeCommand = PING;
      });
    const timer = setInterval(wake, WAKE_EVERY_MS);
    try {
      return await blocked;
    } finally {
      clearInterval(timer);
    }
  }

  /** A server, or a proxy before it, that answers a blocking command at once offers no fence. */
  async #mustBlock(): Promise<void> {
    const startedAt = performance.now();
    await this.#waking(this.#block(BLOCKS_MS));
    if (performance.now() - startedAt >= BLOCKS_MS - 1) return;
    throw new AtfError('SERVER', 'the server does not wait in XREAD BLOCK');
  }

  /**
   * Shortens the waits from now on, if the user may do that. Some endpoints spread connections over several servers. There, the
   * id of this connection could be another client's.
   */
  async #shortenWaits(): Promise<void> {
    try {
      const [own, other] = await Promise.all([this.client, this.main].map(runIdOf));
      if (own === undefined || own !== other) return;
      const id = await this.client.sendCommand(['CLIENT', 'ID']);
      this.#wakeCommand = ['CLIENT', 'UNBLOCK', String(id)];
    } catch (error) {
      if (!isErrorReply(error)) throw error;
    }
  }

  async close(): Promise<void> {
    this.main.off('end', this.#cutOff);
    endClient(this.client);
  }
}

/** Identifies a running server. Undefined: it does not tell. */
async function runIdOf(client: Redis): Promise<string | undefined> {
  return /^run_id:(\w+)/m.exec(String(await client.sendCommand(['INFO', 'server'])))?.[1];
}
