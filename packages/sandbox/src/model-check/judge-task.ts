import { isState, type State } from '../keys.js';
import type { Fault } from '../seeding/seed-options.js';
import type { QueuePositions } from './read-positions.js';

/** The fields by which a task is judged; undefined where it has none such. */
export interface JudgedTask {
  id: string;
  state?: string | undefined;
  taskId?: string | undefined;
  createdAt?: string | undefined;
  workerId?: string | undefined;
}

/** What the judgement of a task depends on besides its hash. */
export interface SystemState {
  positions: QueuePositions;
  /** Workers with a heartbeat. */
  liveWorkers: ReadonlySet<string>;
  /** Unix time in seconds. */
  now: number;
}

/** A FAILED task may wait to be run once more. */
const WAIT_IN_LISTS = ['PENDING', 'FAILED'];
/** A FAILED task may be kept where people look. */
const KEPT_IN_DLQ = ['DLQ', 'FAILED'];
/** An ACTIVE task's message stays until it is acknowledged. */
const RUN_BY_MESSAGE = ['PENDING', 'FAILED', 'ACTIVE'];
const READABLE_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?$/;

/** What is wrong with one task hash, in itself and in where its id is. */
export function judgeTask(task: JudgedTask, system: SystemState): Fault[] {
  if (!task.taskId || task.taskId === 'unknown_id' || !task.createdAt) {
    return [task.state === 'DLQ' ? 'defectiveDlq' : 'unknownId'];
  }
  if (task.state === undefined) return ['missingState'];
  if (!isState(task.state)) return ['unknownState'];
  const faults: Fault[] = [];
  if (task.createdAt.startsWith('0001-')) faults.push('yearOne');
  else if (!READABLE_DATE.test(task.createdAt)) faults.push('badDate');
  return [...faults, ...JUDGE_POSITION[task.state](task, system)];
}

const JUDGE_POSITION: Record<State, (task: JudgedTask, system: SystemState) => Fault[]> = {
  PENDING: ({ id }, { positions }) => {
    const lists = [positions.members.primary.has(id), positions.members.retry.has(id)].filter(Boolean).length;
    const sent = positions.broker.has(id);
    if (lists === 0) return sent ? [] : ['orphanedPending'];
    return [...(lists > 1 ? ['twoLists' as const] : []), ...(sent ? ['queuedAndSent' as const] : [])];
  },
  ACTIVE: ({ workerId = '' }, { liveWorkers }) => (liveWorkers.has(workerId) ? [] : ['stuckActive']),
  SCHEDULED: ({ id }, { positions, now }) => {
    const score = positions.scheduled.get(id);
    if (score === undefined) return ['orphanedScheduled'];
    return score < now ? ['overdueScheduled'] : [];
  },
  DLQ: ({ id }, { positions }) => (positions.members.dlq.has(id) ? [] : ['orphanedDlq']),
  COMPLETED: () => [],
  FAILED: () => [],
};

/** What is wrong with the entries of the queues, given each task's state (undefined: no such hash). */
export function judgeEntries(
  positions: QueuePositions,
  stateOf: (id: string) => string | undefined | null,
): [Fault, string][] {
  const lists: [readonly string[], readonly string[]][] = [
    [WAIT_IN_LISTS, positions.primary],
    [WAIT_IN_LISTS, positions.retry],
    [KEPT_IN_DLQ, positions.dlq],
    [['SCHEDULED'], [...positions.scheduled.keys()]],
  ];
  return lists.flatMap(([wanted, ids]) => {
    const seen = new Set<string>();
    return ids.flatMap((id): [Fault, string][] => {
      if (seen.has(id)) return [['duplicateEntry', id]];
      seen.add(id);
      const state = stateOf(id);
      if (state === null) return [['ghostEntry', id]];
      return state !== undefined && wanted.includes(state) ? [] : [['staleEntry', id]];
    });
  });
}

/** What is wrong with the broker's messages. One of a deleted task is not wrong: the API can't call it back. */
export function judgeMessages(
  { messages }: QueuePositions,
  stateOf: (id: string) => string | undefined | null,
): [Fault, string][] {
  const seen = new Set<string>();
  return messages.flatMap((id): [Fault, string][] => {
    const state = stateOf(id);
    if (typeof state !== 'string' || RUN_BY_MESSAGE.includes(state)) {
      const again = seen.has(id) && typeof state === 'string';
      seen.add(id);
      return again ? [['sentTwice', id]] : [];
    }
    return [['staleMessage', id]];
  });
}
