import {
  type BackupContent,
  type BackupRecord,
  type Deps,
  failureOf,
  type HeldLock,
  isRefusal,
  MAINTENANCE_LOCK_KEY,
  Pacer,
  readBackup,
  type Work,
  type WorkDone,
  withMaintenanceLock,
} from '@atf/core';
import { isSameTarget, olderServerVersion } from './compare-source.js';
import { confirmReplacing } from './confirm-replacing.js';
import { InFlight } from './in-flight.js';
import { mergeEntries } from './merge-entries.js';
import { RULES } from './permissions.js';
import { QueueEntries } from './queue-entries.js';
import { isThere, RestoreCounts } from './restore-counts.js';
import { restoreRecord } from './restore-record.js';
import type { RestoreBackupResult } from './schema.js';

export interface RestoreBackupOptions {
  /** What `--backup` wrote. */
  file: string;
  /** True: what exists now and is another is replaced, after a question. */
  replace: boolean;
  /** True: decide and report, write nothing. */
  dryRun: boolean;
}

/** How many entries of a list are put back in one step. */
const ENTRIES_AT_ONCE = 10_000;
const STEPS_OF_ONE_SIZE = { size: ENTRIES_AT_ONCE, min: ENTRIES_AT_ONCE, max: ENTRIES_AT_ONCE };

/**
 * Puts back what a backup holds, byte for byte: keys with their expiry, tasks with their copies, their places in queues and
 * sorted sets and their part in the counters. What exists is left alone unless `replace` is set. Each record is done
 * or not done, and a run that was cut off can be repeated. The maintenance lock is held from
 * behind the question to the end.
 *
 * Cost: one call a record, 64 of them or 64 MB under way, and one for 10,000 queue entries, which reads the list whole.
 * Memory: the list entries of the backup.
 * @throws AtfError `USAGE` where the file is no backup, or is damaged: `done` says what was restored by then;
 *   `NOT_CONFIRMED`; `LOCKED`; what stops the run before its first record; and what Redis refuses
 */
export async function restoreBackup(
  deps: Deps,
  { file, replace, dryRun }: RestoreBackupOptions,
): Promise<Work<RestoreBackupResult>> {
  const backup = await readBackup(file, deps.signal);
  const run = new Restoring(deps, backup, replace);
  try {
    const facts = {
      sameTarget: isSameTarget(backup.header, deps.target),
      olderServer: await olderServerVersion(backup.header, deps.target),
    };
    if (replace && !dryRun) await confirmReplacing(deps, file, backup.header);
    const end = dryRun
      ? await run.restore(undefined)
      : await withMaintenanceLock(deps, { tool: 'restore-backup', rules: RULES }, (lock) =>
          run.restore(lock),
        );
    const { tool, target, createdAt, redisVersion } = backup.header;
    const result: RestoreBackupResult = {
      backup: { file, tool, target, createdAt, redisVersion, complete: end?.complete ?? null },
      ...facts,
      ...run.counts.result,
    };
    return { outcome: end ? outcomeOf(run.counts, dryRun) : 'stopped', result };
  } catch (error) {
    throw failureOf(error, deps.target, dryRun ? undefined : run.done);
  } finally {
    await backup.records.return({ complete: false });
  }
}

function outcomeOf({ written, result }: RestoreCounts, dryRun: boolean): Work<unknown>['outcome'] {
  if (dryRun) return written + result.problemCount > 0 ? 'found' : 'clean';
  if (result.problemCount > 0) return 'partial';
  return written > 0 ? 'repaired' : 'clean';
}

/** One run over a backup. */
class Restoring {
  readonly counts = new RestoreCounts();
  readonly #entries = new QueueEntries();
  readonly #inFlight = new InFlight();
  /** Changes that were sent to Redis, and neither answered nor refused. */
  #unanswered = 0;
  #lock: HeldLock | undefined;

  constructor(
    private readonly deps: Deps,
    private readonly backup: BackupContent,
    private readonly replace: boolean,
  ) {}

  /** What was written, and how many more writes were sent and have no answer. */
  get done(): WorkDone {
    return { action: 'restored', counts: this.counts.writtenByKind, unconfirmed: this.#unanswered };
  }

  /** Looks only without a lock. Returns whether the backup has its end; undefined where the run was stopped. */
  async restore(lock: HeldLock | undefined): Promise<{ complete: boolean } | undefined> {
    this.#lock = lock;
    let end: { complete: boolean } | undefined;
    try {
      end = await this.#restoreRecords();
      await this.#inFlight.settle();
    } catch (error) {
      // Whether the file is damaged or Redis has refused a record: the tasks that are back need their queue entries all
      // the same, where they can have them. The first failure is the one to tell.
      await this.#inFlight.settle().catch(() => {});
      if (this.#canGoOn) {
        await this.#noteTheRest().catch(() => {});
        await this.#restoreEntries().catch(() => {});
      }
      throw error;
    }
    return end && (await this.#restoreEntries()) ? end : undefined;
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

  async #restoreRecords(): Promise<{ complete: boolean } | undefined> {
    while (!this.deps.signal.aborted) {
      const next = await this.backup.records.next().catch((error: unknown) => {
        if (!this.deps.signal.aborted) throw error;
      });
      if (!next) return undefined;
      if (next.done) return next.value;
      if (isLock(next.value)) continue; // of whoever had it when the backup was made
      const isBack = this.#note(next.value);
      await this.#inFlight.start(sizeOf(next.value), () => this.#restoreRecord(next.value, isBack));
    }
    return undefined;
  }

  /** Notes the queue entries of a record; the function that it returns says that its task is back. */
  #note(record: BackupRecord): () => void {
    return record.type === 'task' ? this.#entries.add(record) : () => {};
  }

  /** What a failed run does not come to tells all the same where the entries belong that it does put back. */
  async #noteTheRest(): Promise<void> {
    for await (const record of this.backup.records) {
      if (!this.#canGoOn) return; // it may take minutes, and be in vain
      this.#note(record);
    }
  }

  get #canGoOn(): boolean {
    return !this.deps.signal.aborted && this.deps.target.client.isReady;
  }

  async #restoreRecord(record: BackupRecord, isBack: () => void): Promise<void> {
    const options = { lock: this.#lock, replace: this.replace };
    const restored = await this.#sent(
      changesOf(record),
      restoreRecord(this.deps.target.client, record, options),
    );
    this.counts.add(restored, record.type === 'task' ? 'tasks' : 'keys');
    if (isThere(restored.keys[0].outcome)) isBack();
    this.deps.progress({ step: 'restore', what: 'Restoring records', done: this.counts.records });
  }

  /** False where it was stopped before the last one. */
  async #restoreEntries(): Promise<boolean> {
    const { client } = this.deps.target;
    // Smaller steps would not be shorter, each reads the whole list: the pace is in the rests between them.
    const pacer = new Pacer(client, { ...STEPS_OF_ONE_SIZE, pace: this.deps.pace });
    for (const { list, entries } of this.#entries.lists()) {
      let away = 0;
      for (let from = 0; from < entries.length; from += ENTRIES_AT_ONCE) {
        if (this.deps.signal.aborted) return false;
        const batch = entries
          .slice(from, from + ENTRIES_AT_ONCE)
          .map((entry) => ({ ...entry, place: entry.place - away }));
        const merged = await pacer.run(() =>
          this.#sent(batch.length, mergeEntries(client, { list, entries: batch }, { lock: this.#lock })),
        );
        away += merged.taskless;
        this.counts.addEntries(list, merged, batch.length);
        this.deps.progress({
          step: 'restore-entries',
          what: 'Restoring queue entries',
          done: this.counts.outcomes.entries.restored,
        });
      }
    }
    return true;
  }
}

const LOCK = Buffer.from(MAINTENANCE_LOCK_KEY).toString('base64');
const isLock = (record: BackupRecord) => record.type === 'key' && record.key === LOCK;

/** How many keys and members a record restores. */
function changesOf(record: BackupRecord): number {
  return record.type === 'task' ? 1 + record.copies.length + record.members.length : 1;
}

/** About how many bytes a record sends. */
function sizeOf(record: BackupRecord): number {
  if (record.type === 'key') return record.dump.length;
  return [record.task, ...record.copies].reduce((sum, { dump }) => sum + dump.length, 0);
}
