import {
  COUNTER_KEYS,
  counterKey,
  ID_LISTS,
  SCHEDULED_KEY,
  TASK_KEY_PREFIX,
  type TaskState,
} from '@atf/core';
import type { FixStuckTasksResult } from '@atf/fix-stuck-tasks';
import { expect } from '@jest/globals';
import type { Dump } from './dump.js';
import { idOf, type StateDump } from './state-dump.js';

type Repaired = FixStuckTasksResult['findings'][number];

/** Fields that a repair may write. */
const WRITTEN = [
  ...['state', 'retry_count', 'retry_after', 'updated_at', 'completed_at', 'dlq_at'],
  ...['last_error', 'error_type', 'error_history', 'state_history'],
];
const HISTORIES = ['error_history', 'state_history'];
const QUEUE_KEYS: readonly string[] = [...ID_LISTS, SCHEDULED_KEY];

/** True for a counter that a tool moves along with a task. */
export const isCounting = (value: string) => value.length <= 18 && /^(0|-?[1-9]\d*)$/.test(value);

/** Which keys some repairs may have changed, in latin1. */
export function touchedKeys(repaired: readonly Repaired[], dump: Dump): Set<string> {
  const ids = new Set(repaired.filter((one) => !isOfEntry(one)).map(({ id }) => id));
  const tasks = [...dump.keys()].filter((key) => key.startsWith(TASK_KEY_PREFIX) && ids.has(idOf(key)));
  const states = repaired.flatMap((one) => (isMove(one) ? [one.state!, stateAfter(one)] : []));
  const sets = repaired.filter(leavesTheSet).map(() => SCHEDULED_KEY);
  return new Set([...tasks, ...repaired.map(({ queue }) => queue!), ...sets, ...states.map(counterKey)]);
}

/** Checks that repairs did to tasks, queues and counters what they say, and nothing else. */
export function expectRepairs(before: StateDump, after: StateDump, repaired: readonly Repaired[]): void {
  for (const queue of QUEUE_KEYS) expectQueue(queue, { before, after, repaired });
  for (const one of repaired) if (!isOfEntry(one)) expectTask(one, before, after);
  for (const key of COUNTER_KEYS) {
    const [old, now] = [before.counters.get(key), after.counters.get(key)];
    if (old === undefined) {
      if (before.counters.size === 0) expect(now).toBeUndefined();
      continue; // another one is there: then it comes into being where it is counted up
    }
    const moves = repaired.filter(isMove);
    const up = moves.filter((one) => counterKey(stateAfter(one)) === key).length;
    const down = moves.filter(({ state }) => counterKey(state!) === key).length;
    expect([key, now]).toEqual([key, isCounting(old) ? String(Number(old) + up - down) : old]);
  }
}

function expectQueue(
  queue: string,
  { before, after, repaired }: { before: StateDump; after: StateDump; repaired: readonly Repaired[] },
): void {
  const own = repaired.filter((one) => one.queue === queue);
  const put = new Set(own.filter((one) => !isOfEntry(one)).map(({ id }) => id));
  const once = new Set(own.filter(({ fault }) => fault === 'twice').map(({ id }) => id));
  const left = queue === SCHEDULED_KEY ? repaired.filter(leavesTheSet) : [];
  const touched = new Set([...own, ...left].map(({ id }) => id));
  const [old, now] = [before.queues.get(queue) ?? [], after.queues.get(queue) ?? []];
  const rest = (all: typeof old) => all.filter(([id]) => !touched.has(id));
  expect([queue, rest(now)]).toEqual([queue, rest(old)]);
  for (const id of touched) {
    const stands = now.filter(([one]) => one === id).length;
    expect([queue, id, stands]).toEqual([queue, id, put.has(id) || once.has(id) ? 1 : 0]);
  }
}

function expectTask(one: Repaired, before: StateDump, after: StateDump): void {
  const [old, now] = [before.tasks.get(one.id)!, after.tasks.get(one.id)!];
  const names = new Set([...old.keys(), ...now.keys()]);
  const changed = [...names].filter((name) => old.get(name) !== now.get(name));
  expect(changed.filter((name) => !WRITTEN.includes(name))).toEqual([]);
  expect([old.get('state'), now.get('state')]).toEqual([one.state, stateAfter(one)]);
  for (const name of HISTORIES.filter((history) => changed.includes(history))) {
    const text = old.get(name) ?? '';
    expect(now.get(name)!.startsWith(text.slice(0, Math.max(0, text.lastIndexOf(']'))))).toBe(true);
    expect(JSON.parse(now.get(name)!)).toHaveLength(text === '' ? 1 : JSON.parse(text).length + 1);
  }
}

function stateAfter({ repair, state }: Repaired): TaskState {
  if (repair === 'give-up') return 'DLQ';
  return repair === 'enqueue' ? state! : 'PENDING';
}

const isOfEntry = ({ repair }: Repaired) => repair === 'remove';
const isMove = (one: Repaired) => !isOfEntry(one) && stateAfter(one) !== one.state;
const leavesTheSet = ({ kind }: Repaired) => kind === 'overdue-scheduled' || kind === 'orphaned-pending';
