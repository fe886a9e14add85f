import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { WatchError } from 'redis';
import { BROKER_LIST, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, STATES, taskKey } from '../keys.js';
import { SECOND } from '../python.js';
import type { Random } from '../random.js';
import { celeryMessage } from '../shapes/broker-shapes.js';
import { createTask, deleteTask, retryTask } from './api.js';
import { CeleryWorker } from './celery-worker.js';
import type { Crew } from './crew.js';
import type { StoredTask, TaskStore } from './task-store.js';
import { endingOf, endTask, moveDueTask } from './worker.js';

const DUE_LOOKED_AT = 50;

/** One writer: plays every role in turn, one step at a time, over one connection. */
export class Writer {
  readonly worker: CeleryWorker;

  constructor(
    readonly store: TaskStore,
    readonly random: Random,
    readonly crew: Crew,
  ) {
    this.worker = new CeleryWorker(store, random, crew);
  }

  /** Works until the crew stops, then finishes what runs. */
  async work(): Promise<void> {
    const { crew } = this;
    const { options, pacer, counts, clock } = crew.parts;
    while (!crew.stopping) {
      const before = counts.total;
      await this.#step();
      clock.step();
      if (options.think) await sleep(options.think);
      else if (counts.total === before) await setImmediate();
      await pacer.turn();
    }
    await this.worker.finishAll();
  }

  /** Delivers and runs all that waits, whenever it is due, until nothing is left that this writer could do. */
  async drain(): Promise<void> {
    for (let done = 1; done > 0; ) {
      done = 0;
      for (const id of await this.store.client.zRange(SCHEDULED_SET, 0, -1)) {
        if (await this.#moveDue(id)) done++;
      }
      while (await this.#consume()) done++;
      while (await this.worker.start()) {
        done++;
        await this.worker.finishAll();
      }
    }
  }

  async #step(): Promise<void> {
    const { worker } = this;
    const { created, deleted } = this.crew.parts.counts;
    const dice = this.random.int(100);
    const ending = worker.ending(dice < 26);
    if (ending !== undefined) await worker.finish(ending);
    else if (dice < 46) await this.#consume();
    else if (dice < 66) await (worker.full ? sleep(1) : worker.start());
    else if (dice < 72) await this.#schedule();
    else if (dice < 84) await this.#adopt();
    else if (created <= deleted + 100) this.crew.note(await createTask(this.store, this.random), 'created');
  }

  /** The consumer: from a queue to the broker. In between the id is in neither, as in reality. False where all are empty. */
  async #consume(): Promise<boolean> {
    const { crew, random, store } = this;
    const id = (await store.client.lPop(PRIMARY_QUEUE)) ?? (await store.client.lPop(RETRY_QUEUE));
    if (id === null) return false;
    crew.note(id, 'popped');
    await crew.window(random);
    if (crew.strikes('consumerDeathShare', random)) crew.noteLost(id, 'the consumer died with it in hand');
    else await store.client.lPush(BROKER_LIST, celeryMessage(id, random).message);
    return true;
  }

  async #schedule(): Promise<void> {
    if (this.crew.schedulerIsDown) return;
    const due = await this.store.client.zRangeByScore(
      SCHEDULED_SET,
      '-inf',
      this.store.microsNow() / SECOND,
      {
        LIMIT: { offset: 0, count: DUE_LOOKED_AT },
      },
    );
    if (due.length > 0) await this.#moveDue(this.random.pick(due));
  }

  async #moveDue(id: string): Promise<boolean> {
    let moved = false;
    await this.#withTask(id, async (task) => {
      if (task.state !== 'SCHEDULED') return;
      await moveDueTask(this.store, task);
      moved = true;
    });
    return moved;
  }

  async #adopt(): Promise<void> {
    const { existing, options } = this.crew.parts;
    const states = options.adopt ?? STATES;
    const id = states.length === 0 ? undefined : await existing.next();
    if (id === undefined) return;
    await this.#withTask(id, async (task) => {
      if (states.includes(task.state)) await this.#change(task);
    });
  }

  /** What the API, or a worker that took it, does to a task that was there. */
  async #change(task: StoredTask): Promise<void> {
    const { crew, random, store } = this;
    const { created, deleted } = crew.parts.counts;
    if (task.state === 'ACTIVE') {
      const ending = endingOf(task, random, { ...crew.parts.options, at: store.microsNow() });
      return endTask(store, task, ending);
    }
    const dead = task.state === 'DLQ' || task.state === 'FAILED';
    if (dead && random.int(2) === 0) {
      await retryTask(store, task);
      return crew.note(task.id, 'retried');
    }
    const wanted = task.state === 'COMPLETED' || random.int(4) === 0;
    if (!wanted || deleted > created + 100) return;
    await deleteTask(store, task);
    crew.note(task.id, 'deleted');
  }

  /** Does something with a task that no other writer has; nothing where it is taken or gone. */
  async #withTask(id: string, act: (task: StoredTask) => Promise<void>): Promise<void> {
    const { claims, options } = this.crew.parts;
    const { client } = this.store;
    if (!claims.tryTake(id)) return;
    try {
      if (options.watch) await client.watch(taskKey(id));
      const task = await this.store.read(id);
      if (task !== undefined) await act(task);
      if (options.watch) await client.unwatch();
    } catch (error) {
      if (!(error instanceof WatchError)) throw error;
    } finally {
      claims.release(id);
    }
  }
}
