import { MultiErrorReply } from 'redis';
import {
  counterKey,
  DLQ_LIST,
  isState,
  PRIMARY_QUEUE,
  RETRY_QUEUE,
  SCHEDULED_SET,
  type State,
  taskKey,
  UPDATES_CHANNEL,
} from '../keys.js';
import { isoformat, type Micros, pyJson } from '../python.js';
import type { SandboxClient } from '../redis-client.js';
import type { TaskFields } from '../shapes/task-shapes.js';
import type { Transition } from './traffic-options.js';
import type { TrafficClock } from './work-clock.js';

/** What a worker reads of a task before it changes it; never its content. */
export interface StoredTask {
  id: string;
  state: State;
  fields: TaskFields;
}

const READ = [
  'state',
  'task_id',
  'retry_count',
  'error_history',
  'retry_timestamps',
  'worker_id',
  'started_at',
];

/** `HSET key field value …` as a list of arguments. */
export const hset = (key: string, fields: TaskFields): string[] => [
  'HSET',
  key,
  ...Object.entries(fields).flat(),
];

export interface StoreOptions {
  counters: boolean;
  clock: TrafficClock;
  done: (transition: Transition) => void;
}

/** One connection's reads and writes of tasks, each change in the real system's own order and form. */
export class TaskStore {
  #publishing: Promise<unknown> = Promise.resolve();

  constructor(
    readonly client: SandboxClient,
    readonly options: StoreOptions,
  ) {}

  /** The present in microseconds. */
  microsNow(): Micros {
    return Math.round(this.options.clock.now() * 1000);
  }

  /** Undefined where there is no such task, its state is none of the six, or it has no `task_id`. */
  async read(id: string): Promise<StoredTask | undefined> {
    const values = await this.client.hmGet(taskKey(id), READ);
    const fields: TaskFields = {};
    for (const [index, name] of READ.entries()) {
      const value = values[index];
      if (typeof value === 'string') fields[name] = value;
    }
    const { state } = fields;
    return isState(state) && fields.task_id !== undefined ? { id, state, fields } : undefined;
  }

  /**
   * One `MULTI`: the commands, then `DECRBY` of the old state's counter and `INCRBY` of the new one's. After a change of
   * state the queue depths are read and the dashboard's message is published.
   */
  async write(transition: Transition, commands: readonly string[][]): Promise<void> {
    const { from, to } = transition;
    const multi = this.client.multi();
    for (const command of commands) multi.addCommand(command);
    if (this.options.counters) {
      if (from !== null) multi.addCommand(['DECRBY', counterKey(from), '1']);
      if (to !== null) multi.addCommand(['INCRBY', counterKey(to), '1']);
    }
    const written = multi.exec().catch(ignoreBrokenCounter);
    if (from !== null && to !== null) this.#publish(transition, await this.#depthsAfter(written));
    else await written;
    this.options.done(transition);
  }

  async #depthsAfter(written: Promise<unknown>): Promise<[number, number, number, number]> {
    const { client } = this;
    const depths = Promise.all([
      client.lLen(PRIMARY_QUEUE),
      client.lLen(RETRY_QUEUE),
      client.zCard(SCHEDULED_SET),
      client.lLen(DLQ_LIST),
    ]);
    const [result] = await Promise.all([depths, written]);
    return result;
  }

  #publish({ taskId, from, to }: Transition, depths: [number, number, number, number]): void {
    const [primary, retry, scheduled, dlq] = depths;
    const message = pyJson({
      type: 'task_state_changed',
      task_id: taskId,
      old_state: from,
      new_state: to,
      queue_depths: { primary, retry, scheduled, dlq },
      timestamp: isoformat(this.microsNow()),
    });
    this.#publishing = this.client.publish(UPDATES_CHANNEL, message);
    this.#publishing.catch(() => {});
  }

  /** Waits for the last message, then closes the connection. */
  async close(): Promise<void> {
    await this.#publishing.catch(() => {});
    if (this.client.isOpen) await this.client.close().catch(() => this.client.destroy());
  }
}

/** A counter that is no number refuses its `INCRBY`; the rest of the `MULTI` is done, as in the real system. */
function ignoreBrokenCounter(error: unknown): void {
  if (!(error instanceof MultiErrorReply)) throw error;
}
