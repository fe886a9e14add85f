import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { tasksInCounts } from '../model/task-counts.js';
import { KeyPage } from '../redis/key-page.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { codesOfLetters } from './observed-states.js';
import { scanTasks } from './scan-tasks.js';
import {
  COUNTER_KEYS,
  type CounterReply,
  countersOfReply,
  type Snapshot,
  type TaskCounter,
} from './snapshot.js';
import { TaskInvalidations } from './task-invalidations.js';
import { TaskStateMap } from './task-state-map.js';

const OBSERVE_TASKS = loadReadingScript(import.meta.url, './observe-tasks.lua');

/** Keys in one call: blocks other clients for about 2 ms. */
const BATCH = 500;

export interface TrackingOptions {
  /** How long a snapshot looks for a moment at which all changes are known. Default 15,000. */
  patienceMs?: number;
  /** How many observed are remembered at the least while no task changes; then it is all of them. Default 65,536. */
  quietBound?: number;
}

const DEFAULTS: Required<TrackingOptions> = { patienceMs: 15_000, quietBound: 65_536 };

type Reply = [CounterReply[], Buffer, Buffer[]];

/**
 * Counts page by page while the system runs, and catches up on every task that changed meanwhile.
 *
 * A snapshot is exact because of this: each task's last observedState stands in the keyMap; each later change is reported
 * (see {@link TaskInvalidations}); the final call reads the counters and all tasks not yet caught up on at one moment; and
 * where the changes known after it name no other task, none had changed unseen before that moment.
 *
 * Cost: a call for 500 keys of the database, one for each 500 changed tasks, and some more for each snapshot. Blocks other
 * clients for one page at a time. Memory is constant while no task changes, else about 16 bytes a task, and 100 more for
 * each task that changes during the scan.
 */
export async function countWithTracking(deps: Deps, options: TrackingOptions = {}): Promise<TaskCounter> {
  const changes = await TaskInvalidations.open(deps.target.client);
  return new TrackingTaskCounter(deps, changes, { ...DEFAULTS, ...options });
}

class TrackingTaskCounter implements TaskCounter {
  #keyMap: TaskStateMap | undefined;
  /** Tasks that changed lately are likely to change again: they are looked at once more in each final call. */
  #lately: string[] = [];
  #bound: number;

  constructor(
    private readonly deps: Deps,
    private readonly changes: TaskInvalidations,
    private readonly options: Required<TrackingOptions>,
  ) {
    this.#bound = options.quietBound;
  }

  async take(): Promise<Snapshot> {
    // A large first scan takes what it takes; from then on there is a limit.
    let giveUpAt = this.#keyMap ? performance.now() + this.options.patienceMs : Number.POSITIVE_INFINITY;
    do {
      const keyMap = await this.#catchUp();
      giveUpAt = Math.min(giveUpAt, performance.now() + this.options.patienceMs);
      const snapshot = keyMap && (await this.#tryTake(keyMap));
      if (snapshot) return snapshot;
    } while (performance.now() < giveUpAt);
    throw new AtfError('UNSTABLE', 'the tasks change too fast to be counted exactly', {
      why: `in ${this.options.patienceMs / 1000} s there was no moment at which all changes were known`,
      hint: 'Run it again when there is less traffic.',
    });
  }

  async close(): Promise<void> {
    await this.changes.close();
  }

  /** Does a piece of catching up: returns the keyMap once at most one batch of tasks in it is out of date. */
  async #catchUp(): Promise<TaskStateMap | undefined> {
    this.deps.signal.throwIfAborted();
    if (this.changes.flushed) this.#keyMap = undefined;
    this.#keyMap ??= await this.#scan();
    if (this.#mustRemember(this.#keyMap, this.changes.size > 0) || this.changes.flushed) return undefined;
    if (this.changes.size <= BATCH) return this.#keyMap;
    await this.#observe(this.#keyMap, this.changes.take(BATCH));
    this.#mustRemember(this.#keyMap, true);
    return undefined;
  }

  /**
   * Without its earlier observedState a changed task cannot be moved from one state's count to another's: a keyMap that
   * forgot any is given up once tasks change, for one that remembers all.
   */
  #mustRemember(keyMap: TaskStateMap, tasksChange: boolean): boolean {
    if (!keyMap.forgot || !tasksChange) return false;
    this.#bound = Number.POSITIVE_INFINITY;
    this.#keyMap = undefined;
    return true;
  }

  async #scan(): Promise<TaskStateMap> {
    this.changes.flushed = false;
    this.#lately = []; // of another keyMap
    const keyMap = new TaskStateMap({ bound: this.#bound });
    for await (const page of scanTasks(this.deps, this.changes.client)) {
      keyMap.note(page);
      this.deps.progress({ step: 'scan', what: 'Counting tasks', done: tasksInCounts(keyMap.counts) });
      if (this.changes.flushed || (keyMap.forgot && this.changes.size > 0)) return keyMap;
    }
    return keyMap;
  }

  async #tryTake(keyMap: TaskStateMap): Promise<Snapshot | undefined> {
    const keys = [...new Set([...this.changes.take(BATCH), ...this.#lately])].slice(0, BATCH * 2);
    const counters = await this.#observe(keyMap, keys);
    if (this.#mustRemember(keyMap, keys.length > 0)) return undefined;
    await this.changes.sync();
    this.#lately = keys.slice(0, BATCH);
    if (this.changes.flushed || this.changes.beyond(new Set(keys)).length > 0) return undefined;
    return {
      counts: structuredClone(keyMap.counts),
      counters: countersOfReply(counters),
      oddKeys: keyMap.oddKeys,
    };
  }

  /** Looks at some tasks, and at the counters at the same moment. */
  async #observe(keyMap: TaskStateMap, taken: readonly string[]): Promise<CounterReply[]> {
    const keys = taken.map((key) => Buffer.from(key, 'latin1'));
    const [counters, letters, labels] = await runScript<Reply>(this.changes.client, OBSERVE_TASKS, {
      keys: COUNTER_KEYS,
      args: keys,
    });
    keyMap.note({ keys: new KeyPage(keys, keys.length), codes: codesOfLetters(letters), labels });
    return counters;
  }
}
