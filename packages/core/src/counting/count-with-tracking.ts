import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { ExpiringTasks } from './expiring-tasks.js';
import { ABSENT, KnownStates } from './known-states.js';
import { BATCH, type Observation, observeTasks, pairsOf } from './observe-tasks.js';
import { scanTasks, type TaskPage } from './scan-tasks.js';
import { type ServerTraits, serverTraits, UNKNOWN_TRAITS } from './server-traits.js';
import { countersOfReply, type Snapshot } from './snapshot.js';
import { TrackingConnection } from './tracking-connection.js';

/** The most scans for one snapshot. A scan is repeated, for example, because the database was emptied meanwhile. */
const MAX_SCANS = 5;

export interface TrackingOptions {
  /** How long a snapshot is tried for, once the scan has ended. Default 15,000. */
  patienceMs?: number;
}

/** A snapshot that will be exact if its remaining tasks can be read before they change again. */
interface Candidate {
  observation: Observation;
  /** The tasks that changed before the observation, but were named too late to be read in it. */
  toRead: ReadonlySet<string>;
}

/**
 * Counts page by page while the system runs, and keeps up with every task that changes meanwhile. A snapshot is exact
 * although no moment is quiet. This is why:
 *
 * 1. The scan reads every task once. The server names each task that changes after tracking has begun. So a task that did not
 *    change before a moment M has the state at M that the scan has read, and all others are named.
 * 2. A snapshot's moment M is the run of one script. It reads the state counters, and all tasks named until it is sent.
 * 3. The server gathers the names during a turn of its event loop. At the turn's end, it writes them behind the replies of that
 *    turn. So a name before the script's reply is of a change in an earlier turn: before M. A name behind the fence is of a
 *    change after M: see `TrackingConnection.fence`. A name in between may be of either.
 * 4. If a name in between is of a task that the script has not read, the snapshot is discarded.
 * 5. A task may have been named before the reply, but after the script was sent. Then the next script reads it. If the task was
 *    not named again until the fence of that script, it has not changed since M, and its state at M is the state read now.
 *    Otherwise the snapshot is discarded.
 * 6. A task that expires cannot be read from then on, but is named only later. So the tasks that expire about now are read
 *    in the script itself, and a snapshot at which another task may have expired is discarded.
 *
 * A discarded snapshot costs one round trip, and the next script is the next try. So a distant server does no harm by itself.
 * A try succeeds under these conditions:
 * - One script could read all tasks that changed since the script before: at most 500, or 256 kB of their keys.
 * - Of the tasks that changed on the way to the script, none changes again until the next fence.
 * - While the fence is under way, about 4 ms, no other tasks change than the script has read.
 *
 * Cost: a call for some hundreds of keys of the database, one for each 500 changed tasks, and one or two for each snapshot.
 * Other clients wait for one page at a time. Memory: 8 MB for a million tasks, the others are in a temporary file; and about
 * 300 bytes for each task that changes meanwhile.
 */
export class TrackingTaskCounter {
  #states: KnownStates | undefined;
  #expiring = new ExpiringTasks(0);
  #traits: ServerTraits = UNKNOWN_TRAITS;
  /** The server's time, in ms, when this process's clock was at `at`. */
  #clock = { time: 0, at: 0 };

  private constructor(
    private readonly deps: Deps,
    private readonly connection: TrackingConnection,
    private readonly options: TrackingOptions,
  ) {}

  static async open(deps: Deps, options: TrackingOptions = {}): Promise<TrackingTaskCounter> {
    return new TrackingTaskCounter(deps, await TrackingConnection.open(deps.target.client), options);
  }

  async take(): Promise<Snapshot> {
    const { patienceMs = 15_000 } = this.options;
    let candidate: Candidate | undefined;
    let giveUpAt = performance.now() + patienceMs;
    let scans = 0;
    do {
      this.deps.signal.throwIfAborted();
      if (this.#mustScan()) {
        if (scans++ === MAX_SCANS) break;
        await this.#scan();
        giveUpAt = performance.now() + patienceMs;
        candidate = undefined;
      }
      const observation = await this.#observe({ withFence: true });
      // The known states are those at the candidate's moment, except for its tasks to read. So it is completed first.
      const completed = candidate && this.#complete(candidate, observation);
      this.#states!.replace(observation.tasks);
      if (completed) return completed;
      candidate = this.#candidate(observation);
      if (candidate?.toRead.size === 0) return this.#snapshot(candidate);
    } while (performance.now() < giveUpAt);
    throw new AtfError('UNSTABLE', 'the tasks change too fast to be counted exactly', {
      why: `for ${patienceMs / 1000} s, tasks changed again before they could be read`,
      hint: 'Run it again when there is less traffic.',
    });
  }

  /** Ends the counting for good. */
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
    await this.#readChanged(states); // For the server's time: usually, no task has changed yet.
    this.#expiring = new ExpiringTasks(this.#time());
    for await (const page of scanTasks(this.deps, this.connection.client, this.#traits)) {
      states.addScanned(page, this.#keepExpiring(page));
      this.deps.progress({ step: 'scan', what: 'Counting tasks', done: states.tasks });
      if (this.connection.changed.flushed) return;
      if (this.connection.changed.unreadCount >= BATCH) await this.#readChanged(states);
    }
  }

  /** Reads changed tasks while the scan runs. Without that, all of them would have to be read after it. */
  async #readChanged(states: KnownStates): Promise<void> {
    states.replace((await this.#observe({ withFence: false })).tasks);
  }

  /** Returns the indexes of the tasks that expire soon. They are read one by one, like tasks that change. */
  #keepExpiring({ keys, expiries }: TaskPage): Set<number> {
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
    for (const key of observation.codeByKey.keys())
      this.#expiring.note(key, observation.expiryByKey.get(key));
    this.#clock = { time: observation.time, at: performance.now() };
    return observation;
  }

  /** A candidate whose moment is an observation, unless a task may have changed at that moment unseen. */
  #candidate(observation: Observation): Candidate | undefined {
    const { changed } = this.connection;
    const { codeByKey, repliedAt, fencedAt, isFenced, hasReadAll, time } = observation;
    if (!isFenced || !hasReadAll || changed.flushed || !this.#expiring.isExactAt(time, codeByKey))
      return undefined;
    const isUnread = (key: string) => !codeByKey.has(key);
    if (changed.namedBetween(repliedAt, fencedAt).some(isUnread)) return undefined;
    return { observation, toRead: new Set(changed.namedSinceTaken(repliedAt).filter(isUnread)) };
  }

  /** The snapshot at a candidate's moment, if the next observation has read its remaining tasks as they were then. */
  #complete(candidate: Candidate, { tasks, codeByKey, isFenced }: Observation): Snapshot | undefined {
    const { changed } = this.connection;
    if (!isFenced || changed.flushed) return undefined;
    for (const key of candidate.toRead) {
      if (!codeByKey.has(key) || changed.isNamedAfter(key, candidate.observation.repliedAt)) return undefined;
      // If a read does not delete an expired task, the task may have existed at the candidate's moment.
      if (codeByKey.get(key) === ABSENT && !this.#traits.deletesExpired) return undefined;
    }
    this.#states!.replace(tasks, candidate.toRead);
    return this.#snapshot(candidate);
  }

  #snapshot({ observation }: Candidate): Snapshot {
    const states = this.#states!;
    return {
      counts: states.updateCounts(),
      counters: countersOfReply(observation.counters),
      oddKeys: states.oddKeys,
    };
  }

  /** The server's time now, in ms. */
  #time(): number {
    return this.#clock.time + performance.now() - this.#clock.at;
  }
}
