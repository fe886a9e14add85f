import {
  CompactKeyMap,
  type Deps,
  type DiscoveredKeys,
  type IdQueues,
  isWaiting,
  KeyDiscovery,
  type NotedKeys,
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

/**
 * A repeat of SCAN within this many tasks is left out. One at a greater distance needs a key table that shrinks to a 65,536th. Its
 * second repair finds the task changed.
 */
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
  const walk = () => newTasksIn(scanUnfinished(deps, dates), queues);
  const found = { totalTasks: 0, defective: 0 };
  const discovery = new KeyDiscovery();
  let open: UnfinishedTasks[] | undefined = [];
  let bytes = 0;
  for await (const page of walk()) {
    discovery.note(page.noted);
    found.totalTasks += page.totalTasks;
    found.defective += page.defective;
    bytes += page.open.keys.byteLength;
    if (bytes > maxOpenBytes) open = undefined;
    if (page.open.keys.length > 0) open?.push(page.open);
    deps.progress({ step: 'scan', what: 'Checking tasks', done: found.totalTasks });
  }
  return { ...found, discovered: discovery.keys, open: open ? takenFrom(open) : openTasksIn(walk()) };
}

/** A page without the tasks that came before. */
interface NewTasks extends Pick<DatabaseScan, 'totalTasks' | 'defective'> {
  open: UnfinishedTasks;
  noted: NotedKeys;
}

/** Yields pages and lets go of each: findings need the memory. */
function* takenFrom(pages: (UnfinishedTasks | undefined)[]): Generator<UnfinishedTasks> {
  for (const [i, page] of pages.entries()) {
    pages[i] = undefined;
    if (page) yield page;
  }
}

async function* openTasksIn(pages: AsyncIterable<NewTasks>): AsyncGenerator<UnfinishedTasks> {
  for await (const { open } of pages) yield open;
}

/** Counts the tasks of each page, and copies the open ones. SCAN may return a key twice: the second time, it is left out. */
async function* newTasksIn(
  pages: AsyncIterable<UnfinishedPage>,
  { scheduled, dlq }: IdQueues,
): AsyncGenerator<NewTasks> {
  const known = new CompactKeyMap({ bound: REMEMBERED });
  for await (const { keys, states, noted } of pages) {
    const counts = { totalTasks: 0, defective: 0 };
    const openIndexes: number[] = [];
    const idAt = (index: number) => keys.at(index).subarray(TASK_KEY_PREFIX.length);
    known.noteNew(keys, (index) => {
      const state = states[index]!;
      if (state === 'absent' || state === 'not-a-hash') return;
      counts.totalTasks++;
      if (state === 'missing-state') counts.defective++;
      const isInPlace =
        (state === 'SCHEDULED' && isWaiting(scheduled, idAt(index))) ||
        (state === 'DLQ' && dlq.ids.codeOf(idAt(index)) !== 0);
      if (OPEN.includes(state) && !isInPlace) openIndexes.push(index);
    });
    const open = { keys: keys.pick(openIndexes), states: openIndexes.map((index) => states[index]!) };
    yield { open, noted, ...counts };
  }
}

const OPEN: readonly UnfinishedState[] = [
  'PENDING',
  'ACTIVE',
  'FAILED',
  'SCHEDULED',
  'DLQ',
  'young',
  'future-active',
];
