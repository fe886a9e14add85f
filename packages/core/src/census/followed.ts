import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { tasksInTally } from '../model/tally.js';
import { KeyPage } from '../redis/key-page.js';
import { runScript } from '../redis/script.js';
import { TaskChanges } from './changes.js';
import {
  type Census,
  COUNTER_KEYS,
  type CounterReply,
  type Cut,
  countersOfReply,
  loadCensusScript,
} from './cut.js';
import { scanTasks } from './scan-tasks.js';
import { codesOfLetters } from './sightings.js';
import { TaskLedger } from './task-ledger.js';

const OBSERVE_TASKS = loadCensusScript('./observe-tasks.lua');

/** Keys in one call: blocks other clients for about 2 ms. */
const BATCH = 500;

export interface FollowOptions {
  /** How long a cut looks for a moment at which all changes are known. Default 15,000. */
  patienceMs?: number;
  /** How many sightings are remembered at the least while no task changes; then it is all of them. Default 65,536. */
  quietBound?: number;
}

const DEFAULTS: Required<FollowOptions> = { patienceMs: 15_000, quietBound: 65_536 };

type Reply = [CounterReply[], Buffer, Buffer[]];

/**
 * Counts page by page while the system runs, and catches up on every task that changed meanwhile.
 *
 * A cut is exact because of this: each task's last sighting stands in the ledger; each later change is reported
 * (see {@link TaskChanges}); the final call reads the counters and all tasks not yet caught up on at one moment; and
 * where the changes known after it name no other task, none had changed unseen before that moment.
 *
 * Cost: a call for 500 keys of the database, one for each 500 changed tasks, and some more for each cut. Blocks other
 * clients for one page at a time. Memory is constant while no task changes, else about 16 bytes a task, and 100 more for
 * each task that changes during the scan.
 */
export async function followTasks(deps: Deps, options: FollowOptions = {}): Promise<Census> {
  const changes = await TaskChanges.open(deps.target.primaries[0]);
  return new FollowedCensus(deps, changes, { ...DEFAULTS, ...options });
}

class FollowedCensus implements Census {
  #ledger: TaskLedger | undefined;
  /** Tasks that changed lately are likely to change again: they are looked at once more in each final call. */
  #lately: string[] = [];
  #bound: number;

  constructor(
    private readonly deps: Deps,
    private readonly changes: TaskChanges,
    private readonly options: Required<FollowOptions>,
  ) {
    this.#bound = options.quietBound;
  }

  async cut(): Promise<Cut> {
    // A large first scan takes what it takes; from then on there is a limit.
    let giveUpAt = this.#ledger ? performance.now() + this.options.patienceMs : Number.POSITIVE_INFINITY;
    do {
      const ledger = await this.#catchUp();
      giveUpAt = Math.min(giveUpAt, performance.now() + this.options.patienceMs);
      const cut = ledger && (await this.#tryCut(ledger));
      if (cut) return cut;
    } while (performance.now() < giveUpAt);
    throw new AtfError('UNSTABLE', 'the tasks change too fast to be counted exactly', {
      why: `in ${this.options.patienceMs / 1000} s there was no moment at which all changes were known`,
      hint: 'Run it again when there is less traffic.',
    });
  }

  async close(): Promise<void> {
    await this.changes.close();
  }

  /** Does a piece of catching up: returns the ledger once at most one batch of tasks in it is out of date. */
  async #catchUp(): Promise<TaskLedger | undefined> {
    this.deps.signal.throwIfAborted();
    if (this.changes.flushed) this.#ledger = undefined;
    this.#ledger ??= await this.#scan();
    if (this.#mustRemember(this.#ledger, this.changes.size > 0) || this.changes.flushed) return undefined;
    if (this.changes.size <= BATCH) return this.#ledger;
    await this.#observe(this.#ledger, this.changes.take(BATCH));
    this.#mustRemember(this.#ledger, true);
    return undefined;
  }

  /**
   * Without its earlier sighting a changed task cannot be moved from one state's count to another's: a ledger that
   * forgot any is given up once tasks change, for one that remembers all.
   */
  #mustRemember(ledger: TaskLedger, tasksChange: boolean): boolean {
    if (!ledger.forgot || !tasksChange) return false;
    this.#bound = Number.POSITIVE_INFINITY;
    this.#ledger = undefined;
    return true;
  }

  async #scan(): Promise<TaskLedger> {
    this.changes.flushed = false;
    this.#lately = []; // of another ledger
    const ledger = new TaskLedger({ bound: this.#bound });
    for await (const page of scanTasks(this.deps, this.changes.client)) {
      ledger.note(page);
      this.deps.progress({ what: 'Counting tasks', done: tasksInTally(ledger.tally) });
      if (this.changes.flushed || (ledger.forgot && this.changes.size > 0)) return ledger;
    }
    return ledger;
  }

  async #tryCut(ledger: TaskLedger): Promise<Cut | undefined> {
    const keys = [...new Set([...this.changes.take(BATCH), ...this.#lately])].slice(0, BATCH * 2);
    const counters = await this.#observe(ledger, keys);
    if (this.#mustRemember(ledger, keys.length > 0)) return undefined;
    await this.changes.settle();
    this.#lately = keys.slice(0, BATCH);
    if (this.changes.flushed || this.changes.beyond(new Set(keys)).length > 0) return undefined;
    return {
      tally: structuredClone(ledger.tally),
      counters: countersOfReply(counters),
      oddKeys: ledger.oddKeys,
    };
  }

  /** Looks at some tasks, and at the counters at the same moment. */
  async #observe(ledger: TaskLedger, taken: readonly string[]): Promise<CounterReply[]> {
    const keys = taken.map((key) => Buffer.from(key, 'latin1'));
    const [counters, letters, labels] = await runScript<Reply>(this.changes.client, OBSERVE_TASKS, {
      keys: COUNTER_KEYS,
      args: keys,
    });
    ledger.note({ keys: new KeyPage(keys, keys.length), codes: codesOfLetters(letters), labels });
    return counters;
  }
}
