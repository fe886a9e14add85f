import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { ExpiringTasks } from './expiring-tasks.js';
import { ABSENT, KnownStates } from './known-states.js';
import { BATCH, type Observation, observeTasks, pairsOf } from './observe-tasks.js';
import { type ScannedTasks, scanTasks } from './scan-tasks.js';
import { type ServerTraits, serverTraits, UNKNOWN_TRAITS } from './server-traits.js';
import { countersOfReply, type Snapshot, type TaskCounter } from './snapshot.js';
import { TrackingConnection } from './tracking-connection.js';

/** So often a count begins anew, for example because the database was emptied. */
const SCANS = 5;

export interface TrackingOptions {
  /** How long a snapshot is tried for, once the scan has ended. Default 15,000. */
  patienceMs?: number;
}

/**
 * Counts page by page while the system runs, and keeps up with every task that changes meanwhile. A snapshot is exact
 * although no moment is quiet. This is why:
 *
 * 1. The scan reads every task once. The server names each task that changes after tracking has begun. So a task that was
 *    not named by a moment M still has the state at M that the scan has read.
 * 2. A snapshot's moment M is the run of one script. It reads the counters and all tasks named so far.
 * 3. The server gathers the names of a turn of its event loop, and sends them at the turn's end. So a name that comes before
 *    the script's reply is of a change before M. A name that comes behind the fence is of a change after M, see
 *    `TrackingConnection.endOfTurn`. A name in between may be of either.
 * 4. If a name in between is of a task that the script has not read, the snapshot is discarded.
 * 5. All other tasks that changed before M and were not read at M are known: they were named before the reply. They are
 *    read by the next script. If a task was not named again until the fence of that script, it did not change in
 *    between. Then its state at M is the state read now. Otherwise the snapshot is discarded.
 * 6. A task that expires cannot be read from then on, but is named only later. So the tasks that expire about now are read
 *    in the script itself, and a snapshot at which another task may have expired is discarded.
 *
 * A discarded snapshot costs one round trip, and the next script is the next try. So the distance does not matter, and the
 * only condition is that most tasks do not change twice within two round trips.
 *
 * Cost: a call for some hundreds of keys of the database, one for each 500 changed tasks, and one or two for each snapshot.
 * Other clients wait for one page at a time. Memory: 8 MB for a million tasks, the others are in a temporary file; and about
 * 300 bytes for each task that changes meanwhile.
 */
export async function countWithTracking(deps: Deps, options: TrackingOptions = {}): Promise<TaskCounter> {
  const connection = await TrackingConnection.open(deps.target.client);
  return new TrackingTaskCounter(deps, connection, options);
}

/** A snapshot that will be exact if its unread tasks can be read before they change again. */
interface Candidate {
  observation: Observation;
  unread: readonly string[];
}

class TrackingTaskCounter implements TaskCounter {
  #states: KnownStates | undefined;
  #expiring = new ExpiringTasks(0);
  #traits: ServerTraits = UNKNOWN_TRAITS;
  /** The server's time, in ms, when this process's clock was at `at`. */
  #clock = { time: 0, at: 0 };

  constructor(
    private readonly deps: Deps,
    private readonly connection: TrackingConnection,
    private readonly options: TrackingOptions,
  ) {}

  async take(): Promise<Snapshot> {
    const { patienceMs = 15_000 } = this.options;
    let candidate: Candidate | undefined;
    let giveUpAt = performance.now() + patienceMs;
    let scans = 0;
    do {
      this.deps.signal.throwIfAborted();
      if (this.#mustScan()) {
        if (scans++ === SCANS) break;
        await this.#scan();
        giveUpAt = performance.now() + patienceMs;
        candidate = undefined;
      }
      const observation = await this.#observe({ withFence: true });
      const completed = candidate && this.#complete(candidate, observation);
      this.#states!.replace(observation.tasks);
      candidate = this.#candidate(observation);
      if (completed) return completed;
      if (candidate?.unread.length === 0) return this.#snapshot(candidate);
    } while (performance.now() < giveUpAt);
    throw new AtfError('UNSTABLE', 'the tasks change too fast to be counted exactly', {
      why: `for ${patienceMs / 1000} s, tasks changed again before they could be read`,
      hint: 'Run it again when there is less traffic.',
    });
  }

  async close(): Promise<void> {
    this.#states?.close();
    await this.connection.close();
  }

  #mustScan(): boolean {
    const { changed } = this.connection;
    return !this.#states || changed.flushed || this.#expiring.isOutdatedAt(this.#time());
  }

  async #scan(): Promise<void> {
    this.#states?.close();
    const states = new KnownStates();
    this.#states = states;
    this.connection.forget();
    this.#traits = await serverTraits(this.connection.client, this.deps.target.description.database);
    await this.#readChanged(states); // This also tells the server's time.
    this.#expiring = new ExpiringTasks(this.#time());
    for await (const page of scanTasks(this.deps, this.connection.client, this.#traits)) {
      states.addScanned(page, this.#keepExpiring(page));
      this.deps.progress({ step: 'scan', what: 'Counting tasks', done: states.tasks });
      if (this.connection.changed.flushed) return;
      if (this.connection.changed.unread >= BATCH) await this.#readChanged(states);
    }
  }

  /** Reads changed tasks while the scan runs. Without that, all of them would have to be read after it. */
  async #readChanged(states: KnownStates): Promise<void> {
    states.replace((await this.#observe({ withFence: false })).tasks);
  }

  /** Returns the indexes of the tasks that expire soon. They are read one by one, like tasks that change. */
  #keepExpiring({ keys, expiries }: ScannedTasks): Set<number> {
    const kept = new Set<number>();
    for (const [index, expiresAt] of pairsOf(expiries)) {
      if (!this.#expiring.mustKeep(expiresAt)) continue;
      kept.add(index);
      this.connection.changed.mustRead(keys.at(index).toString('latin1'));
    }
    return kept;
  }

  /** Reads the tasks that must be read, as many as fit into one call. */
  async #observe(options: { withFence: boolean }): Promise<Observation> {
    const { changed } = this.connection;
    for (const key of this.#expiring.dueAt(this.#time())) changed.mustRead(key);
    const observation = await observeTasks(this.connection, options);
    for (const key of observation.states.keys()) this.#expiring.note(key, observation.expiries.get(key));
    this.#clock = { time: observation.time, at: performance.now() };
    return observation;
  }

  /** A candidate whose moment is an observation, unless a task may have changed at that moment unseen. */
  #candidate(observation: Observation): Candidate | undefined {
    const { changed } = this.connection;
    const { states, repliedAt, fencedAt, isFenced, isComplete, time } = observation;
    if (!isFenced || !isComplete || changed.flushed || !this.#expiring.isExactAt(time, states))
      return undefined;
    if (changed.namedBetween(repliedAt, fencedAt).some((key) => !states.has(key))) return undefined;
    return { observation, unread: changed.namedBetween(0, repliedAt).filter((key) => !states.has(key)) };
  }

  /** The snapshot at a candidate's moment, if the next observation has read its unread tasks as they were then. */
  #complete(candidate: Candidate, { states, isFenced }: Observation): Snapshot | undefined {
    const { changed } = this.connection;
    if (!isFenced || changed.flushed) return undefined;
    for (const key of candidate.unread) {
      if (!states.has(key) || changed.isNamedAfter(key, candidate.observation.repliedAt)) return undefined;
      // Where a read does not delete an expired task, the task may have existed at the candidate's moment.
      if (states.get(key) === ABSENT && !this.#traits.deletesExpired) return undefined;
    }
    for (const key of candidate.unread) this.#states!.replaceOne(key, states.get(key)!);
    return this.#snapshot(candidate);
  }

  #snapshot({ observation }: Candidate): Snapshot {
    const states = this.#states!;
    return {
      counts: states.counts(),
      counters: countersOfReply(observation.counters),
      oddKeys: states.oddKeys,
    };
  }

  /** The server's time now, in ms. */
  #time(): number {
    return this.#clock.time + performance.now() - this.#clock.at;
  }
}
