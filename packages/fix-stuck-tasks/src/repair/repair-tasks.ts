import {
  type Argument,
  COUNTER_KEYS,
  type HeldLock,
  heartbeatKey,
  loadScript,
  QUEUE_UPDATES_CHANNEL,
  type Redis,
  runUnderLock,
  TASK_STATES,
} from '@atf/core';
import type { TaskFinding } from '../finding.js';
import { anchorArguments, MOST_NEWER } from '../places/catch-up.js';
import { type Look, QUEUES } from '../places/look.js';
import { FINGERPRINTED } from '../tasks/read-tasks.js';
import { type Append, appendEntry } from './append-entry.js';
import { changesOf } from './changes.js';
import { type Histories, readHistories } from './read-histories.js';

const REPAIR_TASKS = loadScript(import.meta.url, './repair-tasks.lua');

/** What became of a finding that was to be repaired; `changed`: it is not what was judged any more, and was left alone. */
export type Fate = 'repaired' | 'changed';

/** What a batch of repairs stands on. */
export interface RepairContext {
  lock: HeldLock;
  look: Look;
  now: Date;
  /** Unix time in seconds: a scheduled task that is due later is left alone. */
  dueBefore: number;
}

/**
 * Repairs tasks in one atomic step, each if it still is what was judged and in none of the queues. Undefined where a list must
 * be looked at again first; nothing was written then. Cost: a call for 10 tasks, and one for all: 50 of them block other
 * clients for about 3 ms.
 */
export async function repairTasks(
  client: Redis,
  findings: readonly TaskFinding[],
  context: RepairContext,
): Promise<Fate[] | undefined> {
  const { lock, look } = context;
  const histories = await readHistories(
    client,
    findings.map(({ basis }) => basis.key),
  );
  const [letters, again] = await runUnderLock<[Buffer, number]>(client, REPAIR_TASKS, {
    lock,
    keys: [...QUEUES, ...COUNTER_KEYS],
    args: [
      QUEUE_UPDATES_CHANNEL,
      String(MOST_NEWER),
      ...[look.primary, look.retry, look.dlq].flatMap(anchorArguments),
      ...counted(FINGERPRINTED),
      ...TASK_STATES,
      ...findings.flatMap((finding, i) => argumentsOf(finding, histories[i]!, context)),
    ],
  });
  if (again !== 0) return undefined;
  return Array.from(letters.toString(), (letter) => (letter === 'R' ? 'repaired' : 'changed'));
}

function argumentsOf(
  finding: TaskFinding,
  histories: Histories,
  { now, dueBefore }: RepairContext,
): Argument[] {
  const { basis } = finding;
  const changes = changesOf(finding, now);
  const appends = [
    ...append('error_history', histories.error, changes.errorEntry),
    ...append('state_history', histories.state, changes.stateEntry),
  ];
  return [
    basis.key,
    basis.fingerprint,
    ...beatArguments(finding),
    scoreRule(finding, dueBefore),
    changes.from,
    changes.to,
    String(QUEUES.indexOf(changes.queue as (typeof QUEUES)[number]) + 1),
    changes.score === undefined ? '' : String(changes.score),
    String(Object.keys(changes.fields).length),
    ...Object.entries(changes.fields).flat(),
    String(appends.length),
    ...appends.flatMap(([field, { keep, text }]) => [field, String(keep), text]),
    ...changes.message,
  ];
}

/** What a heartbeat must still be; only that of an ACTIVE task matters. Its key ends in the worker's id as the hash has it. */
function beatArguments({ kind, worker, basis: { beat } }: TaskFinding): Argument[] {
  if (kind !== 'stuck-active' || !worker) return ['', '', ''];
  return [heartbeatKey(''), ...(beat ? ['string', beat] : ['none', ''])];
}

function scoreRule({ kind }: TaskFinding, dueBefore: number): string {
  if (kind === 'overdue-scheduled') return String(dueBefore);
  return kind === 'orphaned-pending' ? 'any' : 'none';
}

function append(
  field: string,
  old: Histories[keyof Histories],
  entry: string | undefined,
): [string, Append][] {
  const how = entry === undefined ? undefined : appendEntry(old, entry);
  return how ? [[field, how]] : [];
}

function counted(items: readonly string[]): string[] {
  return [String(items.length), ...items];
}
