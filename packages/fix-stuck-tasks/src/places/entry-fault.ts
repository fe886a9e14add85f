/** The four queues by number: the three lists of `ID_LISTS` in their order, then the sorted set. */
export const SCHEDULED = 3;
export const RETRY = 1;
const DLQ = 2;

/**
 * What is wrong with an entry of a queue:
 * `ghost` there is no such task; `state` a task in that state has no business there; `twice` it stands there already;
 * `both` it stands in the other pending list as well; `unscheduled` it is PENDING in a pending list.
 */
export type EntryFault = 'ghost' | 'state' | 'twice' | 'both' | 'unscheduled';

/** What else is known of an entry's id. */
export interface EntrySurroundings {
  /** True where the queue held it before. */
  again: boolean;
  inPrimary: boolean;
  inRetry: boolean;
  inScheduled: boolean;
}

/**
 * What is wrong with an entry, from its queue and the letter of `observed-state.lua` for its task; undefined where nothing is.
 * What is on its way, or is kept for people to see, is left alone: FAILED in a list, SCHEDULED in one that the scheduler has taken out of the
 * set, PENDING in the set that is in no pending list yet. So are tasks without a state or with one that nobody knows: they
 * are for delete-defective-tasks. Pure.
 */
export function entryFault(
  queue: number,
  letter: string,
  { again, inPrimary, inRetry, inScheduled }: EntrySurroundings,
): EntryFault | undefined {
  if (letter === '-') return 'ghost';
  if (!'PACFSD'.includes(letter)) return undefined;
  if (queue === SCHEDULED) {
    if (letter === 'P') return inPrimary || inRetry ? 'unscheduled' : undefined;
    return 'CAD'.includes(letter) ? 'state' : undefined;
  }
  if (queue === DLQ && !'DF'.includes(letter)) return 'state';
  if (queue !== DLQ && ('CAD'.includes(letter) || (letter === 'S' && inScheduled))) return 'state';
  if (again) return 'twice';
  return letter === 'P' && inPrimary && inRetry ? 'both' : undefined;
}
