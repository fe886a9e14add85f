import { BROKER_QUEUE_KEY, type KeyKindName } from '@atf/core';

/** A key that other programs may use as well. */
export interface SharedKey {
  key: Buffer;
  kind: KeyKindName;
}

/** What such a key holds. */
export interface SharedFacts extends SharedKey {
  /** Messages of AsyncTaskFlow, of other programs, and those that may be anybody's. */
  ours: number;
  others: number;
  neutral: number;
  /** The queues that a binding names. */
  queues: string[];
}

/** `delete`: the whole key is AsyncTaskFlow's; `remove-messages`: only some messages are; `keep`: nothing is, or it is not certain. */
export type SharedAction = 'delete' | 'remove-messages' | 'keep';

export interface PlannedKey extends SharedFacts {
  action: SharedAction;
}

/** What kombu puts between the parts of a name. */
const SEPARATOR = '\x06\x16';

/** Queues that AsyncTaskFlow's own routes name, and what every Celery worker binds. */
const KNOWN_QUEUE = /^(celery|default|scheduled)$|celery\.pidbox$|^celeryev/;

/**
 * Decides what a reset does with the keys that programs may share. As long as nothing points to another Celery program, all of
 * them are AsyncTaskFlow's. If there is another one, only what holds AsyncTaskFlow's messages alone is deleted. Pure.
 */
export function planShared(facts: readonly SharedFacts[], unrelatedKeys: number): PlannedKey[] {
  const ourQueues = new Set(facts.filter(({ ours }) => ours > 0).map(({ key }) => queueOf(key)));
  const isUnknown = (queue: string) => !KNOWN_QUEUE.test(queue) && !ourQueues.has(queue);
  const hasOthers =
    facts.some(({ others }) => others > 0) ||
    (unrelatedKeys > 0 && facts.some(({ queues }) => queues.some(isUnknown)));
  const usedByOthers = new Set(
    facts.filter(({ others, neutral }) => others + neutral > 0).map(({ key }) => queueOf(key)),
  );
  const isOnlyOurs = (queue: string) =>
    ourQueues.has(queue) && !usedByOthers.has(queue) && queue !== BROKER_QUEUE_KEY;

  function actionFor({ kind, ours, others, neutral, queues }: SharedFacts): SharedAction {
    if (!hasOthers) return 'delete';
    if (ours > 0) return others + neutral > 0 ? 'remove-messages' : 'delete';
    return kind === 'broker-binding' && queues.length > 0 && queues.every(isOnlyOurs) ? 'delete' : 'keep';
  }
  const planned = facts.map((found) => ({ ...found, action: actionFor(found) }));
  // The index of taken messages is deleted together with their hash.
  const deleted = new Set(planned.filter(({ action }) => action === 'delete').map(({ key }) => nameOf(key)));
  return planned.map((found) =>
    found.kind === 'broker-unacked-index' && deleted.has(nameOf(found.key).replace(/_index$/, ''))
      ? { ...found, action: 'delete' }
      : found,
  );
}

const nameOf = (key: Buffer) => key.toString('latin1');

/** The queue of a list: kombu adds the priority to its name. */
function queueOf(key: Buffer): string {
  return nameOf(key).split(SEPARATOR)[0]!;
}
