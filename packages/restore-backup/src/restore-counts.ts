import { counterKey, type KeyKindName, keyName, kindOfKey, TASK_STATES, type TaskState } from '@atf/core';
import type { MergedEntries } from './merge-entries.js';
import type { RestoredKey, RestoredMember, RestoredRecord } from './restore-record.js';
import {
  KINDS,
  type Kind,
  type OutcomeCounts,
  type Problem,
  type RestoreBackupResult,
  type RestoreOutcome,
} from './schema.js';

const NAMED = 100;
const noOutcomes = (): OutcomeCounts => ({
  restored: 0,
  replaced: 0,
  there: 0,
  left: 0,
  expired: 0,
  refused: 0,
});

/** Kinds whose content is what was sent and not yet taken: what came since a backup is work of now. */
const QUEUES: ReadonlySet<KeyKindName | undefined> = new Set([
  'pending-primary-queue',
  'pending-retry-queue',
  'scheduled-queue',
  'dead-letter-queue',
  'broker-queue',
  'broker-priority-queue',
  'broker-unacked',
  'broker-unacked-index',
] satisfies KeyKindName[]);

/** Adds up what became of a backup. */
export class RestoreCounts {
  records = 0;
  readonly outcomes = Object.fromEntries(KINDS.map((kind) => [kind, noOutcomes()])) as Record<
    Kind,
    OutcomeCounts
  >;
  readonly #changes = new Map<TaskState, number>();
  readonly #uncountable = new Set<TaskState>();
  readonly #problems: Problem[] = [];
  #problemCount = 0;
  /** Tasks that were written as whole keys: such a record says nothing of counters, those are keys of their own. */
  #uncountedTasks = 0;
  readonly #countersThere: string[] = [];

  /** Adds a record; the copies and members of a task that is not there are not counted. */
  add({ keys, members, counters, uncountable }: RestoredRecord, kind: 'tasks' | 'keys'): void {
    this.records++;
    const [first, ...copies] = keys;
    this.#addKey(first, kind);
    if (!isThere(first.outcome)) return;
    for (const copy of copies) this.#addKey(copy, 'copies');
    for (const member of members) this.#addMember(member);
    for (const { state, change } of counters) {
      this.#changes.set(state, (this.#changes.get(state) ?? 0) + change);
    }
    if (uncountable) this.#addUncountable(uncountable);
  }

  addEntries(list: Buffer, { put, there, taskless, otherType }: MergedEntries, all: number): void {
    this.outcomes.entries.restored += put;
    this.outcomes.entries.there += there;
    this.outcomes.entries.expired += taskless;
    if (otherType === undefined) return;
    this.outcomes.entries.left += all;
    this.#problem({ code: 'not-a-list', key: keyName(list), detail: otherType });
  }

  /** How many things were written, or would be. */
  get written(): number {
    return Object.values(this.writtenByKind).reduce((sum, count) => sum + count, 0);
  }

  get writtenByKind(): Record<Kind, number> {
    const written = KINDS.map((kind) => [kind, this.outcomes[kind].restored + this.outcomes[kind].replaced]);
    return Object.fromEntries(written) as Record<Kind, number>;
  }

  get result(): Pick<RestoreBackupResult, 'records' | 'outcomes' | 'counters' | 'problemCount' | 'problems'> {
    const unsure = this.#uncountedTasks > 0 ? this.#countersThere : [];
    return {
      records: this.records,
      outcomes: this.outcomes,
      counters: TASK_STATES.map((state) => ({ state, change: this.#changes.get(state) ?? 0 })).filter(
        ({ change }) => change !== 0,
      ),
      problemCount: this.#problemCount + unsure.length,
      problems: [
        ...this.#problems,
        ...unsure.map((key): Problem => ({ code: 'counter-unsure', key, detail: null })),
      ].slice(0, NAMED),
    };
  }

  #addKey({ key, outcome, reason }: RestoredKey, kind: Kind): void {
    this.outcomes[kind][outcome]++;
    const name = keyName(key);
    if (outcome === 'refused') this.#problem({ code: 'refused', key: name, detail: reason });
    if (kind === 'keys') this.#addWholeKey(name, outcome);
    else if (outcome === 'left') this.#problem({ code: 'differs', key: name, detail: null });
  }

  #addWholeKey(key: string, outcome: RestoreOutcome): void {
    const kind = kindOfKey(key);
    const isCounter = kind === 'state-counter';
    if (outcome === 'left')
      this.#problem({ code: isCounter ? 'counter-differs' : 'differs', key, detail: null });
    if (outcome === 'there' && isCounter) this.#countersThere.push(key);
    if (outcome === 'replaced' && QUEUES.has(kind))
      this.#problem({ code: 'queue-replaced', key, detail: null });
    if (kind === 'task' && (outcome === 'restored' || outcome === 'replaced')) this.#uncountedTasks++;
  }

  #addMember({ key, member, outcome, score, scoreNow }: RestoredMember): void {
    this.outcomes.members[outcome]++;
    if (outcome !== 'left') return;
    this.#problem(
      scoreNow === ''
        ? { code: 'not-a-sorted-set', key: keyName(key), detail: null }
        : {
            code: 'other-score',
            key: keyName(key),
            detail: null,
            score: { member: keyName(member), now: scoreNow, backup: score },
          },
    );
  }

  #addUncountable(state: TaskState): void {
    if (this.#uncountable.has(state)) return;
    this.#uncountable.add(state);
    this.#problem({ code: 'not-a-number', key: counterKey(state), detail: null });
  }

  #problem(problem: Problem): void {
    this.#problemCount++;
    if (this.#problems.length < NAMED) this.#problems.push(problem);
  }
}

/** True where the key now is as the backup has it. */
export function isThere(outcome: RestoreOutcome): boolean {
  return outcome === 'restored' || outcome === 'replaced' || outcome === 'there';
}
