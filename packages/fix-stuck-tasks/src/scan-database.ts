import {
  CompactKeyMap,
  type Deps,
  type DiscoveredKeys,
  type IdQueues,
  isWaiting,
  KeyDiscovery,
  TASK_KEY_PREFIX,
} from '@atf/core';
import { FUTURE_MS } from './detect/judge-placement.js';
import type { Settings } from './options.js';
import {
  scanUnfinished,
  type UnfinishedPage,
  type UnfinishedState,
  type UnfinishedTasks,
} from './read/scan-unfinished.js';

/** SCAN may return a key twice. A repeat within this many keys is not counted again. */
const REMEMBERED = 65_536;
/** Bytes of the keys of open tasks that are remembered: half a million tasks. */
const MAX_OPEN_BYTES = 20 * 2 ** 20;

/** Tasks, as pages. */
export type TaskPages = Iterable<UnfinishedTasks> | AsyncIterable<UnfinishedTasks>;

/** The result of a walk over all keys. */
export interface DatabaseScan {
  totalTasks: number;
  /** Tasks without a state: delete-defective-tasks is for these. */
  defective: number;
  discovered: DiscoveredKeys;
  /** Tasks that may be stuck or misplaced. The broker's messages decide about some of them. */
  open: TaskPages;
}

export interface ScanOptions {
  queues: IdQueues;
  now: Date;
  settings: Pick<Settings, 'pendingTimeoutMs' | 'activeTimeoutMs'>;
  /** Default: 20 MB. */
  maxOpenBytes?: number | undefined;
}

/**
 * Counts all tasks and discovers the keys of the broker, in one walk. It remembers the open tasks until the broker is read. If
 * there are too many, a second walk finds them again. Cost: that of counting all tasks. Memory: at most 20 MB.
 */
export async function scanDatabase(
  deps: Deps,
  { queues, now, settings, maxOpenBytes = MAX_OPEN_BYTES }: ScanOptions,
): Promise<DatabaseScan> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  const dates = {
    pendingBefore: before(settings.pendingTimeoutMs),
    activeBefore: before(settings.activeTimeoutMs),
    activeAfter: before(-FUTURE_MS),
  };
  const walk = () => scanUnfinished(deps, dates);
  const found = { totalTasks: 0, defective: 0 };
  const counted = new CompactKeyMap({ bound: REMEMBERED });
  const discovery = new KeyDiscovery();
  let open: UnfinishedTasks[] | undefined = [];
  let bytes = 0;
  for await (const page of walk()) {
    discovery.note(page.noted);
    countIn(page, counted, found);
    const tasks = openTasks(page, queues);
    bytes += tasks.keys.byteLength;
    if (bytes > maxOpenBytes) open = undefined;
    if (tasks.keys.length > 0) open?.push(tasks);
    deps.progress({ step: 'scan', what: 'Checking tasks', done: found.totalTasks });
  }
  return { ...found, discovered: discovery.keys, open: open ?? openTasksIn(walk(), queues) };
}

async function* openTasksIn(
  pages: AsyncIterable<UnfinishedPage>,
  queues: IdQueues,
): AsyncGenerator<UnfinishedTasks> {
  for await (const page of pages) yield openTasks(page, queues);
}

/** Counts the tasks of a page, except those that `counted` knows. */
function countIn(
  { keys, states }: UnfinishedPage,
  counted: CompactKeyMap,
  found: Pick<DatabaseScan, 'totalTasks' | 'defective'>,
): void {
  counted.noteNew(keys, (index) => {
    const state = states[index]!;
    if (state === 'absent' || state === 'not-a-hash') return;
    found.totalTasks++;
    if (state === 'missing-state') found.defective++;
  });
}

/** A copy of the open tasks of a page. */
function openTasks({ keys, states }: UnfinishedPage, queues: IdQueues): UnfinishedTasks {
  const indexes: number[] = [];
  for (const [index, state] of states.entries()) {
    const id = () => keys.at(index).subarray(TASK_KEY_PREFIX.length);
    if (isOpen(state, id, queues)) indexes.push(index);
  }
  return { keys: keys.pick(indexes), states: indexes.map((index) => states[index]!) };
}

function isOpen(state: UnfinishedState, id: () => Buffer, { scheduled, dlq }: IdQueues): boolean {
  if (state === 'SCHEDULED') return !isWaiting(scheduled, id());
  if (state === 'DLQ') return dlq.ids.codeOf(id()) === 0;
  return OPEN.includes(state);
}

const OPEN: readonly UnfinishedState[] = ['PENDING', 'ACTIVE', 'FAILED', 'young', 'future-active'];
