import type { Random } from '../random.js';
import type { Crew } from './crew.js';
import type { RunEvent } from './judge-timeline.js';
import type { StoredTask, TaskStore } from './task-store.js';
import { beat, type Ending, endingOf, endTask, startTask, takeMessage } from './worker.js';

/** A task that a worker runs. */
interface Running {
  id: string;
  workerId: string;
  startedAt: string;
  /** Of the traffic's clock. */
  begunAt: number;
  dueAt: number;
  /** False for the second of two that run the same task. */
  claimed: boolean;
  /** False where it was begun by another worker, before the traffic. */
  own: boolean;
}

const MAX_RUNNING = 4;
/** Tasks taken over last for as long as so many others. */
const TAKEN_OVER_LASTS = 2;
const END_EVENT: Record<Ending['to'], RunEvent> = {
  COMPLETED: 'completed',
  SCHEDULED: 'rescheduled',
  DLQ: 'dead',
};
let processes = 30_000;
const newWorkerId = () => `celery-w1@vm-${++processes}`;

/** The worker in a writer: runs some tasks at once, until it is killed with all of them; then another takes its place. */
export class CeleryWorker {
  #running: Running[] = [];
  #workerId = newWorkerId();

  constructor(
    readonly store: TaskStore,
    readonly random: Random,
    readonly crew: Crew,
  ) {}

  get full(): boolean {
    return this.#running.filter(({ own }) => own).length >= MAX_RUNNING;
  }

  /** The task to end now: where tasks take their time, one whose time is over, else the oldest, if one is wanted. */
  ending(wanted: boolean): Running | undefined {
    const now = this.crew.parts.clock.now();
    if (this.crew.parts.options.taskMs !== undefined) return this.#running.find(({ dueAt }) => dueAt <= now);
    return wanted || this.full ? this.#running[0] : undefined;
  }

  /** Goes on with a task that is ACTIVE under another worker's name. */
  async takeOver(id: string): Promise<void> {
    const { claims } = this.crew.parts;
    if (!claims.tryTake(id)) return;
    const task = await this.store.read(id);
    if (task?.state !== 'ACTIVE') return claims.release(id);
    const { worker_id: workerId = '', started_at: startedAt = '' } = task.fields;
    this.#run({ id, workerId, startedAt, claimed: true, own: false });
  }

  /** Takes a message and starts its task; false where there is no message. */
  async start(): Promise<boolean> {
    const { crew, store } = this;
    const id = await takeMessage(store, () => crew.window(this.random));
    if (id === undefined) return false;
    if (id !== '') await this.#started(id);
    return true;
  }

  async #started(id: string): Promise<void> {
    const { crew, random, store } = this;
    const { claims, options } = crew.parts;
    if (crew.strikes('loseShare', random)) return crew.noteLost(id, 'its message vanished');
    if (options.windowMs) {
      await crew.window(random);
      if (crew.strikes('killShare', random)) {
        crew.noteLost(id, `${this.#workerId} was killed before it started it`);
        return this.#die();
      }
    }
    const claimed = await claims.take(id);
    const task = claimed || options.strict ? await store.read(id) : undefined;
    if (task !== undefined && (task.state === 'PENDING' || options.strict)) {
      const workerId = this.#workerId;
      await beat(store, workerId, options);
      this.#run({ id, workerId, startedAt: await startTask(store, task, workerId), claimed, own: true });
      return;
    }
    if (claimed) claims.release(id);
    crew.noteDropped(id, claimed ? (task?.state ?? 'no such task') : 'a worker runs it');
  }

  #run(what: Omit<Running, 'begunAt' | 'dueAt'>): void {
    const { claims, clock, options } = this.crew.parts;
    const begunAt = clock.now();
    const lasts = this.random.next() * (options.taskMs ?? 0) * (what.own ? 1 : TAKEN_OVER_LASTS);
    this.#running.push({ ...what, begunAt, dueAt: begunAt + lasts });
    if (what.claimed) claims.markRunning(what.id);
    this.crew.note(what.id, what.own ? 'started' : 'taken over', what.workerId);
  }

  /** Ends a task; or the worker is killed at it. */
  async finish(run: Running): Promise<void> {
    const { crew, random, store } = this;
    const { clock, options } = crew.parts;
    if (run.own && crew.strikes('killShare', random)) return this.#die();
    if (run.own && clock.now() - run.begunAt > (options.hardLimitMs ?? Number.POSITIVE_INFINITY)) {
      return this.#kill(run);
    }
    const task = await store.read(run.id);
    const isOwn =
      task?.state === 'ACTIVE' &&
      task.fields.worker_id === run.workerId &&
      task.fields.started_at === run.startedAt;
    if (!isOwn) crew.note(run.id, 'taken away', `${run.workerId} found it ${task?.state ?? 'gone'}`);
    if (task !== undefined && (task.state === 'ACTIVE' || options.strict)) await this.#end(run, task);
    this.#leave(run);
  }

  async #end(run: Running, task: StoredTask): Promise<void> {
    const { crew, random, store } = this;
    const { claims, options, counts } = crew.parts;
    const { file, ...ending } = endingOf(task, random, { ...options, at: store.microsNow() });
    const torn = file !== undefined && run.own && crew.strikes('tornShare', random);
    const apart = file !== undefined && (torn || (options.windowMs ?? 0) > 0);
    const beating = run.own ? beat(store, run.workerId, options) : undefined;
    await Promise.all([
      endTask(store, task, apart || file === undefined ? ending : { ...ending, file }),
      beating,
    ]);
    crew.note(run.id, END_EVENT[ending.to], run.workerId);
    if (run.claimed) claims.markEnding(run.id);
    if (torn) {
      counts.torn++;
      crew.note(run.id, 'torn', run.workerId);
      this.#leave(run);
      this.#die();
    } else if (apart) {
      await crew.window(random);
      await store.client.sendCommand(file as string[]);
    }
  }

  /** Ends all that runs, at once. */
  async finishAll(): Promise<void> {
    for (const run of [...this.#running]) if (this.#running.includes(run)) await this.finish(run);
  }

  /** The worker is killed, with every task that it runs. */
  #die(): void {
    for (const run of this.#running.filter(({ own }) => own)) this.#kill(run);
    this.#workerId = newWorkerId();
  }

  #kill(run: Running): void {
    this.crew.parts.counts.killed++;
    this.crew.note(run.id, 'killed', run.workerId);
    this.#leave(run);
  }

  #leave(run: Running): void {
    if (!this.#running.includes(run)) return;
    this.#running = this.#running.filter((other) => other !== run);
    if (run.claimed) this.crew.parts.claims.release(run.id);
  }
}
