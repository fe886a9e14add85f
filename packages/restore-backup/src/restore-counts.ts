import { counterKey, keyName, kindOfKey, TASK_STATES, type TaskState } from '@atf/core';
import type { RestoredEntries } from './restore-entries.js';
import type { RestoredKey, RestoredMember, RestoredRecord } from './restore-record.js';
import { KINDS, type Kind, OUTCOMES, type Problem } from './schema.js';

const NAMED = 100;
const recordOf = <Key extends string, Value>(keys: readonly Key[], value: (key: Key) => Value) =>
  Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<Key, Value>;

/** Adds up what became of a backup. */
export class RestoreCounts {
  records = 0;
  /** True: the key of a queue has another type, so its entries are still to come. */
  isQueueBlocked = false;
  readonly outcomes = recordOf(KINDS, () => recordOf(OUTCOMES, () => 0));
  readonly #changes = new Map<TaskState, number>();
  readonly #notQueued = { before: 0, changed: 0, missing: 0, unreadable: 0 };
  readonly #reportedOnce = new Set<string>();
  readonly #problems: Problem[] = [];
  #problemCount = 0;
  /** Tasks that were written as whole keys: such a record says nothing of counters, those are keys of their own. */
  #uncountedTasks = 0;
  /** True: a task that was saved as a whole key did not come back. */
  #lacksTasks = false;
  readonly #countersThere: string[] = [];
  readonly #countersRestored: string[] = [];

  add(
    { first, isBack, copies, members, counters, uncountable }: RestoredRecord,
    kind: 'tasks' | 'keys',
  ): void {
    this.records++;
    this.#addKey(first, kind);
    if (kind === 'keys') this.#noteCounting(first, isBack);
    for (const copy of copies) this.#addKey(copy, 'copies');
    for (const member of members) this.#addMember(member);
    for (const { state, change } of counters) {
      this.#changes.set(state, (this.#changes.get(state) ?? 0) + change);
    }
    if (uncountable) this.#problemOnce('not-a-number', Buffer.from(counterKey(uncountable)));
  }

  addEntries(
    queue: Buffer,
    { restored, there, left, notQueued, otherType }: RestoredEntries,
    all: number,
  ): void {
    const { entries } = this.outcomes;
    entries.restored += restored;
    entries.there += there;
    entries.left += otherType === undefined ? left : all;
    for (const why of ['before', 'changed', 'missing'] as const) this.#notQueued[why] += notQueued[why];
    if (otherType !== undefined) {
      this.isQueueBlocked = true;
      this.#problemOnce('wrong-type', queue, { detail: otherType });
    }
    if (left > 0) this.#problemOnce('queue-exists', queue);
  }

  /** Messages whose task cannot be read. */
  addUnreadable(messages: number): void {
    this.#notQueued.unreadable += messages;
  }

  /** How many things were written, or would be. */
  get written(): number {
    return Object.values(this.writtenByKind).reduce((sum, count) => sum + count, 0);
  }

  get writtenByKind(): Record<Kind, number> {
    return recordOf(KINDS, (kind) => this.outcomes[kind].restored + this.outcomes[kind].replaced);
  }

  /** `complete`: whether the backup has its end; null: it was not read to its end. */
  result(complete: boolean | null) {
    const unsure = [
      ...(this.#uncountedTasks > 0 ? this.#countersThere : []),
      ...(this.#lacksTasks || complete === false ? this.#countersRestored : []),
    ];
    return {
      records: this.records,
      outcomes: this.outcomes,
      notQueued: this.#notQueued,
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
    const isCounter = kindOfKey(keyName(key)) === 'state-counter';
    if (outcome === 'refused') this.#problem('refused', key, { detail: reason });
    if (outcome === 'left') this.#problem(isCounter ? 'counter-differs' : 'differs', key);
  }

  /** Tasks and counters that are whole keys belong together: a counter counts the tasks that were there when it was saved. */
  #noteCounting({ key, outcome }: RestoredKey, isBack: boolean): void {
    const name = keyName(key);
    const kind = kindOfKey(name);
    const isWritten = outcome === 'restored' || outcome === 'replaced';
    if (kind === 'task' && isWritten) this.#uncountedTasks++;
    if (kind === 'task' && !isBack && outcome !== 'there') this.#lacksTasks = true;
    if (kind === 'state-counter' && outcome === 'there' && !isBack) this.#countersThere.push(name);
    if (kind === 'state-counter' && isWritten) this.#countersRestored.push(name);
  }

  #addMember({ key, member, outcome, score, scoreNow }: RestoredMember): void {
    this.outcomes.members[outcome]++;
    if (outcome !== 'left') return;
    if (scoreNow === '') {
      this.isQueueBlocked = true;
      this.#problemOnce('not-a-sorted-set', key);
    } else {
      const scores = { member: keyName(member), now: scoreNow, backup: score };
      this.#problem('other-score', key, { score: scores });
    }
  }

  /** A counter or a queue has each problem once, however many records or steps meet it. */
  #problemOnce(code: Problem['code'], key: Buffer, more: Partial<Problem> = {}): void {
    const name = `${code} ${key.toString('latin1')}`;
    if (!this.#reportedOnce.has(name)) this.#problem(code, key, more);
    this.#reportedOnce.add(name);
  }

  #problem(code: Problem['code'], key: Buffer, more: Partial<Problem> = {}): void {
    this.#problemCount++;
    if (this.#problems.length < NAMED)
      this.#problems.push({ code, key: keyName(key), detail: null, ...more });
  }
}
