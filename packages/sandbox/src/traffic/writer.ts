import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { BROKER_LIST, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, STATES } from '../keys.js';
import { SECOND } from '../python.js';
import type { Random } from '../random.js';
import { celeryMessage } from '../shapes/broker-shapes.js';
import { createTask, deleteTask, retryTask } from './api.js';
import type { Claims } from './claims.js';
import type { ExistingTasks } from './existing-tasks.js';
import type { Pacer } from './pacer.js';
import type { Tally } from './tally.js';
import { microsNow, type StoredTask, type TaskStore } from './task-store.js';
import type { TrafficOptions } from './traffic-options.js';
import { finishTask, moveDueTask, startTask, takeMessage } from './worker.js';

/** What all writers share. */
export interface Crew {
  claims: Claims;
  existing: ExistingTasks;
  pacer: Pacer;
  tally: Tally;
  options: TrafficOptions;
  stopping: boolean;
}

const MAX_RUNNING = 4;
const DUE_LOOKED_AT = 50;
let processes = 30_000;

/** One writer: plays every role in turn, one step at a time, over one connection. */
export class Writer {
  readonly #running: string[] = [];
  #workerId = `celery-w1@vm-${++processes}`;

  constructor(
    readonly store: TaskStore,
    readonly random: Random,
    readonly crew: Crew,
  ) {}

  /** Works until the crew stops, then finishes what runs. */
  async work(): Promise<void> {
    const { crew } = this;
    while (!crew.stopping) {
      const before = crew.tally.total;
      await this.#step();
      if (crew.options.think) await sleep(crew.options.think);
      else if (crew.tally.total === before) await setImmediate();
      await crew.pacer.turn();
    }
    while (this.#running.length > 0) await this.#finish();
  }

  async #step(): Promise<void> {
    const { created, deleted } = this.crew.tally;
    const dice = this.random.int(100);
    if (this.#running.length === MAX_RUNNING || (dice < 26 && this.#running.length > 0)) await this.#finish();
    else if (dice < 46) await this.#consume();
    else if (dice < 66) await this.#start();
    else if (dice < 72) await this.#schedule();
    else if (dice < 84) await this.#adopt();
    else if (created <= deleted + 100) await createTask(this.store, this.random);
  }

  /** The consumer: from a queue to the broker. In between the id is in neither, as in reality. */
  async #consume(): Promise<void> {
    const { client } = this.store;
    const id = (await client.lPop(PRIMARY_QUEUE)) ?? (await client.lPop(RETRY_QUEUE));
    if (id !== null) await client.lPush(BROKER_LIST, celeryMessage(id, this.random).message);
  }

  async #start(): Promise<void> {
    const { claims } = this.crew;
    const id = await takeMessage(this.store);
    if (id === undefined || !(await claims.take(id))) return;
    const task = await this.store.read(id);
    if (task?.state !== 'PENDING') return claims.release(id);
    await startTask(this.store, task, this.#workerId);
    claims.markRunning(id);
    this.#running.push(id);
  }

  async #finish(): Promise<void> {
    const { claims, options, tally, stopping } = this.crew;
    const id = this.#running.shift() as string;
    const killed = !stopping && this.random.next() < (options.killShare ?? 0);
    if (killed) {
      tally.killed++;
      this.#workerId = `celery-w1@vm-${++processes}`;
    } else {
      const task = await this.store.read(id);
      if (task?.state === 'ACTIVE') await finishTask(this.store, task, this.random);
    }
    claims.release(id);
  }

  async #schedule(): Promise<void> {
    const due = await this.store.client.zRangeByScore(SCHEDULED_SET, '-inf', microsNow() / SECOND, {
      LIMIT: { offset: 0, count: DUE_LOOKED_AT },
    });
    if (due.length === 0) return;
    await this.#withTask(this.random.pick(due), async (task) => {
      if (task.state === 'SCHEDULED') await moveDueTask(this.store, task);
    });
  }

  async #adopt(): Promise<void> {
    const states = this.crew.options.adopt ?? STATES;
    const id = states.length === 0 ? undefined : await this.crew.existing.next();
    if (id === undefined) return;
    await this.#withTask(id, async (task) => {
      if (states.includes(task.state)) await this.#change(task);
    });
  }

  /** What the API, or a worker that took it, does to a task that was there. */
  async #change(task: StoredTask): Promise<void> {
    const { created, deleted } = this.crew.tally;
    if (task.state === 'ACTIVE') return finishTask(this.store, task, this.random);
    const dead = task.state === 'DLQ' || task.state === 'FAILED';
    if (dead && this.random.int(2) === 0) return retryTask(this.store, task);
    const wanted = task.state === 'COMPLETED' || this.random.int(4) === 0;
    if (wanted && deleted <= created + 100) await deleteTask(this.store, task);
  }

  /** Does something with a task that no other writer has; nothing where it is taken or gone. */
  async #withTask(id: string, act: (task: StoredTask) => Promise<void>): Promise<void> {
    const { claims } = this.crew;
    if (!claims.tryTake(id)) return;
    try {
      const task = await this.store.read(id);
      if (task !== undefined) await act(task);
    } finally {
      claims.release(id);
    }
  }
}
