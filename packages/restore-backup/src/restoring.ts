import {
  type BackupContent,
  type BackupRecord,
  type Deps,
  findWorkers,
  type HeldLock,
  isRefusal,
  type KeyRecord,
  kindOfKey,
  loadScript,
  Pacer,
  refuseWhileAlive,
  restoreJournalKey,
  runUnderLock,
  type TaskRecord,
  type WorkDone,
} from '@atf/core';
import { InFlight } from './in-flight.js';
import { LoadableDumps } from './loadable-dumps.js';
import { type NamedTask, QueueEntries } from './queue-entries.js';
import { RestoreCounts } from './restore-counts.js';
import { restoreEntries } from './restore-entries.js';
import { type RestoredRecord, restoreRecord } from './restore-record.js';

const END_JOURNAL = loadScript(import.meta.url, './end-journal.lua');

/** How many entries of a queue come back in one step. */
const ENTRIES_AT_ONCE = 10_000;
const STEPS_OF_ONE_SIZE = { size: ENTRIES_AT_ONCE, min: ENTRIES_AT_ONCE, max: ENTRIES_AT_ONCE };

/** One run over a backup: first the records, then the entries of the queues, those of the broker last. */
export class Restoring {
  readonly counts = new RestoreCounts();
  readonly #entries = new QueueEntries();
  readonly #inFlight = new InFlight();
  readonly #dumps: LoadableDumps;
  readonly #journal: string;
  /** Heartbeats come back last, because a live heartbeat stops the restore of the queues. */
  readonly #heartbeats: KeyRecord[] = [];
  /** In a dry run: the tasks that the run would put back. */
  readonly #assumedBack = new Set<string>();
  /** Tasks of the backup that do not exist, and that this run could not put back. */
  readonly #missing = new Set<string>();
  /** True: the backup has its end, so it holds each task that existed. */
  #complete = false;
  /** True: each task of the backup was put back by this restore. */
  #allBack = true;
  /** Changes that were sent to Redis, and neither answered nor refused. */
  #unanswered = 0;
  #lock: HeldLock | undefined;

  constructor(
    private readonly deps: Deps,
    private readonly backup: BackupContent,
    private readonly options: { replace: boolean; force: boolean },
  ) {
    this.#dumps = new LoadableDumps(deps.target.client);
    this.#journal = restoreJournalKey(backup.header.id);
  }

  /** What was written, and how many more writes were sent and have no answer. */
  get done(): WorkDone {
    return { action: 'restored', counts: this.counts.writtenByKind, unconfirmed: this.#unanswered };
  }

  /** False: a dry run could not check whether the server can load all dumps. */
  get dumpsChecked(): boolean {
    return this.#dumps.allChecked;
  }

  /** @throws AtfError `GUARD` if somebody would take entries of the queues while they are restored */
  async refuseWhileAlive(): Promise<void> {
    if (!this.options.force) refuseWhileAlive(await findWorkers(this.deps));
  }

  /** Without a lock it only reads. Returns whether the backup has its end; null if the run was stopped. */
  async restore(lock: HeldLock | undefined): Promise<boolean | null> {
    this.#lock = lock;
    let end: { complete: boolean } | undefined;
    try {
      end = await this.#restoreRecords();
      await this.#inFlight.drain();
    } catch (error) {
      // The tasks that are back need their queue entries, whatever went wrong. The first failure is reported.
      await this.#inFlight.drain().catch(() => {});
      if (!this.deps.signal.aborted && this.deps.target.client.isReady) {
        await this.#restoreEntries().catch(() => {});
      }
      throw error;
    }
    if (!end) return null;
    this.#complete = end.complete;
    if (!(await this.#restoreEntries())) return null;
    for (const record of this.#heartbeats) await this.#restoreKeys(record);
    if (lock && !this.counts.isQueueBlocked) await this.#endJournal(lock);
    return end.complete;
  }

  async #restoreRecords(): Promise<{ complete: boolean } | undefined> {
    while (!this.deps.signal.aborted) {
      const next = await this.backup.records.next().catch((error: unknown) => {
        if (!this.deps.signal.aborted) throw error;
      });
      if (!next) return undefined;
      if (next.done) return next.value;
      await this.#restoreRecord(next.value);
    }
    return undefined;
  }

  async #restoreRecord(record: BackupRecord): Promise<void> {
    if (record.type === 'queue') {
      this.counts.records++;
      this.#entries.addQueue(record);
      return;
    }
    if (record.type === 'key' && isOfTools(record)) return;
    if (record.type === 'key' && isHeartbeat(record)) {
      this.#heartbeats.push(record);
      return;
    }
    const isSettled = record.type === 'task' ? this.#entries.addTask(record) : () => {};
    await this.#inFlight.start(sizeOf(record), async () => {
      await this.#restoreKeys(record);
      isSettled();
    });
  }

  async #restoreKeys(record: KeyRecord | TaskRecord): Promise<void> {
    const { client } = this.deps.target;
    const options = { journal: this.#journal, lock: this.#lock, replace: this.options.replace };
    const step = this.#sent(changesOf(record), restoreRecord(client, record, options));
    const restored = this.#lock ? await step : await this.#withRefusal(record, await step);
    this.counts.add(restored, record.type === 'task' ? 'tasks' : 'keys');
    this.deps.progress({ step: 'restore', what: 'Restoring records', done: this.counts.records });
    const { key, outcome } = restored.first;
    const name = key.toString('latin1');
    if (record.type !== 'task' && kindOfKey(name) !== 'task') return;
    if (restored.isBack && !this.#lock) this.#assumedBack.add(name);
    if (!restored.isBack) this.#allBack = false;
    if (outcome === 'expired' || outcome === 'refused') this.#missing.add(name);
  }

  /** The outcome of a record in a dry run: refused if the server cannot load the dump. */
  async #withRefusal(record: KeyRecord | TaskRecord, expected: RestoredRecord): Promise<RestoredRecord> {
    if (!expected.isBack || expected.first.outcome === 'there') return expected;
    const reason = await this.#dumps.refusalOf(record.type === 'task' ? record.task : record);
    if (reason === undefined) return expected;
    const first = { ...expected.first, outcome: 'refused' as const, reason };
    return { ...expected, first, isBack: false, copies: [], members: [], counters: [] };
  }

  /** False if it was stopped before the last entry. */
  async #restoreEntries(): Promise<boolean> {
    if (this.#lock && this.#entries.holdsQueues) await this.refuseWhileAlive();
    // Smaller steps would not be shorter, because each reads the whole list. The pace is in the rests between them.
    const pacer = new Pacer({ ...STEPS_OF_ONE_SIZE, pace: this.deps.pace });
    for (const { queue, entries } of this.#entries.queues()) {
      const readable = entries.filter(({ tasks }) => tasks !== undefined || this.#allBack);
      this.counts.addUnreadable(entries.length - readable.length);
      let absent = 0;
      for (let from = 0; from < readable.length; from += ENTRIES_AT_ONCE) {
        if (this.deps.signal.aborted) return false;
        const batch = readable.slice(from, from + ENTRIES_AT_ONCE).map(({ element, at, number, tasks }) => {
          return { element, at: queue.kind === 'list' ? String(Number(at) - absent) : at, number, tasks };
        });
        const restored = await pacer.run((_, timer) =>
          this.#sent(
            batch.length,
            restoreEntries(
              this.deps.target.client,
              { queue, entries: batch },
              { journal: this.#journal, lock: this.#lock, flagOf: (task) => this.#flagOf(task), timer },
            ),
          ),
        );
        absent += restored.absent;
        this.counts.addEntries(queue.key, restored, batch.length);
        const done = this.counts.outcomes.entries.restored;
        this.deps.progress({ step: 'restore-entries', what: 'Restoring queue entries', done });
      }
    }
    return true;
  }

  /** An entry of a complete backup may name a task that did not exist, and that comes back as it was. */
  #flagOf({ key, isCertain }: NamedTask): '1' | '0' | '?' {
    const name = key.toString('latin1');
    if (this.#assumedBack.has(name)) return '1';
    return this.#missing.has(name) || (isCertain && !this.#complete) ? '0' : '?';
  }

  async #endJournal(lock: HeldLock): Promise<void> {
    await runUnderLock(this.deps.target.client, END_JOURNAL, { lock, keys: [this.#journal] });
  }

  async #sent<Answer>(changes: number, call: Promise<Answer>): Promise<Answer> {
    this.#unanswered += changes;
    try {
      const answer = await call;
      this.#unanswered -= changes;
      return answer;
    } catch (error) {
      if (isRefusal(error)) this.#unanswered -= changes;
      throw error;
    }
  }
}

const nameOf = ({ key }: KeyRecord) => Buffer.from(key, 'base64').toString('latin1');

/** True for the lock and the journals of these tools, which belong to earlier runs. */
const isOfTools = (record: KeyRecord) => nameOf(record).startsWith('atf:');
const isHeartbeat = (record: KeyRecord) => kindOfKey(nameOf(record)) === 'worker-heartbeat';

/** How many keys and members a record restores. */
function changesOf(record: KeyRecord | TaskRecord): number {
  return record.type === 'task' ? 1 + record.copies.length + record.members.length : 1;
}

/** About how many bytes a record sends. */
function sizeOf(record: KeyRecord | TaskRecord): number {
  if (record.type === 'key') return record.dump.length;
  return [record.task, ...record.copies].reduce((sum, { dump }) => sum + dump.length, 0);
}
