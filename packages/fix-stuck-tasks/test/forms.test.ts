import {
  activeTask,
  checkModel,
  counterKey,
  dlqFields,
  failedTask,
  isoformat,
  MINUTE,
  microsOf,
  pendingTask,
  pyJson,
  readCounters,
  type SandboxClient,
  scheduledTask,
  type TaskFields,
  taskKey,
} from '@atf/sandbox';
import { until } from '@atf/sandbox/jest';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import type { Kind } from '../src/kinds.js';
import { FIX, useFixture } from './support.js';

const fixture = useFixture();
const NOW = new Date();
const AT_NOW = { ...FIX, clock: () => NOW };
const AT = isoformat(microsOf(NOW));
const LONG_AGO = microsOf(NOW) - 134 * MINUTE;
const TASK = { id: 'one', content: 'text', createdAt: LONG_AGO };
const RUN = { workerId: 'celery-w1@vm-25645', startedAt: LONG_AGO };
const FAILURE = { at: LONG_AGO, error: 'Überlast', errorType: 'RateLimitError', retryAt: LONG_AGO / 1e6 };
const ERROR = 'Worker celery-w1@vm-25645 was lost: no heartbeat, and the task was ACTIVE for 2h 14m';

let messages: string[] = [];
let listener: SandboxClient;
afterEach(() => listener.destroy());
beforeEach(async () => {
  messages = [];
  listener = await fixture.redis.client();
  await listener.subscribe('queue-updates', (message) => messages.push(message));
  await fixture.startIdle();
});

/** Writes a task with its counters, repairs it, and returns its hash before and after. */
async function repaired(fields: TaskFields, only: Kind): Promise<[before: TaskFields, after: TaskFields]> {
  await fixture.write('one', fields);
  await fixture.client.set(counterKey(fields.state as 'DLQ'), '5');
  const { outcome } = await fixStuckTasks(fixture.deps(), { ...AT_NOW, only: [only], include: ['failed'] });
  expect(outcome).toBe('repaired');
  return [fields, await fixture.client.hGetAll(taskKey('one'))];
}

async function message(from: string, to: string, depths: Record<string, number>): Promise<void> {
  const expected = pyJson({
    type: 'task_state_changed',
    task_id: 'one',
    old_state: from,
    new_state: to,
    queue_depths: { primary: 0, retry: 0, scheduled: 0, dlq: 0, ...depths },
    timestamp: AT,
  });
  await until(() => messages.length > 0);
  expect(messages).toEqual([expected]);
}

const history = (old: string | undefined, state: string) =>
  `${old!.slice(0, -1)}, ${pyJson({ state, timestamp: AT })}]`;

describe('a stuck ACTIVE task', () => {
  test('becomes PENDING after a failed attempt', async () => {
    const [before, after] = await repaired(activeTask(TASK, RUN), 'stuck-active');
    expect(after).toEqual({
      ...before,
      state: 'PENDING',
      retry_count: '1',
      last_error: ERROR,
      error_type: 'WorkerLostError',
      updated_at: AT,
      error_history: pyJson([
        {
          timestamp: AT,
          error: ERROR,
          error_type: 'WorkerLostError',
          retry_count: 1,
          state_transition: 'ACTIVE -> PENDING',
        },
      ]),
      state_history: history(before.state_history, 'PENDING'),
    });
    expect(await fixture.client.lRange('tasks:pending:retry', 0, -1)).toEqual(['one']);
    expect(await readCounters(fixture.client)).toMatchObject({ ACTIVE: '4', PENDING: '1' });
    await message('ACTIVE', 'PENDING', { retry: 1 });
  });

  test('goes to the dead letters where its attempts are used up, with the fields of a worker that gives up', async () => {
    const used = { ...scheduledTask(TASK, RUN, [FAILURE, FAILURE, FAILURE]), state: 'ACTIVE' };
    const [before, after] = await repaired(used, 'stuck-active');
    const worker = dlqFields(before, { at: microsOf(NOW), error: ERROR, errorType: 'WorkerLostError' });
    expect(after).toEqual({
      ...before,
      ...worker,
      completed_at: AT,
      state_history: history(before.state_history, 'DLQ'),
    });
    expect(await fixture.client.lRange('dlq:tasks', 0, -1)).toEqual(['one']);
    expect(await readCounters(fixture.client)).toMatchObject({ ACTIVE: '4', DLQ: '1' });
    await message('ACTIVE', 'DLQ', { dlq: 1 });
  });
});

test.each([
  [pendingTask(TASK), 'tasks:pending:primary', { primary: 1 }],
  [{ ...scheduledTask(TASK, RUN, [FAILURE]), state: 'PENDING' }, 'tasks:pending:retry', { retry: 1 }],
])('an orphaned PENDING task changes but for updated_at nothing: %#', async (fields, queue, depths) => {
  const [before, after] = await repaired(fields, 'orphaned-pending');
  expect(after).toEqual({ ...before, updated_at: AT });
  expect(await fixture.client.lRange(queue, 0, -1)).toEqual(['one']);
  expect(await readCounters(fixture.client)).toMatchObject({ PENDING: '5' });
  await message('PENDING', 'PENDING', depths);
});

describe('an orphaned SCHEDULED task', () => {
  test('is due at its retry_after', async () => {
    const retryAt = Math.round(NOW.getTime() / 1000) + 600.25;
    const [before, after] = await repaired(
      scheduledTask(TASK, RUN, [{ ...FAILURE, retryAt }]),
      'orphaned-scheduled',
    );
    expect(after).toEqual(before);
    expect(await fixture.client.zScore('tasks:scheduled', 'one')).toBe(retryAt);
    await message('SCHEDULED', 'SCHEDULED', { scheduled: 1 });
  });

  test.each(['', 'soon', '0001-01-01T00:00:00'])('is due now where that is %j', async (retry_after) => {
    const fields = { ...scheduledTask(TASK, RUN, [FAILURE]), retry_after };
    const [before, after] = await repaired(fields, 'orphaned-scheduled');
    expect(after).toEqual({ ...before, retry_after: AT });
    expect(await fixture.client.zScore('tasks:scheduled', 'one')).toBe(NOW.getTime() / 1000);
  });
});

test('an overdue SCHEDULED task does what the scheduler does', async () => {
  await fixture.client.zAdd('tasks:scheduled', { value: 'one', score: FAILURE.retryAt });
  const [before, after] = await repaired(scheduledTask(TASK, RUN, [FAILURE]), 'overdue-scheduled');
  expect(after).toEqual({
    ...before,
    state: 'PENDING',
    updated_at: AT,
    state_history: history(before.state_history, 'PENDING'),
  });
  expect(await fixture.client.zCard('tasks:scheduled')).toBe(0);
  expect(await fixture.client.lRange('tasks:pending:retry', 0, -1)).toEqual(['one']);
  expect(await readCounters(fixture.client)).toMatchObject({ SCHEDULED: '4', PENDING: '1' });
  await message('SCHEDULED', 'PENDING', { retry: 1 });
});

test('an orphaned DLQ task comes back to the dead letters, and does not change', async () => {
  const fields = { ...activeTask(TASK, RUN), state: 'DLQ' };
  const [before, after] = await repaired(fields, 'orphaned-dlq');
  expect(after).toEqual(before);
  expect(await fixture.client.lRange('dlq:tasks', 0, -1)).toEqual(['one']);
  await message('DLQ', 'DLQ', { dlq: 1 });
});

test('a FAILED task that is included becomes PENDING', async () => {
  const [before, after] = await repaired(failedTask(TASK, RUN, FAILURE), 'failed');
  expect(after).toEqual({
    ...before,
    state: 'PENDING',
    updated_at: AT,
    state_history: history(before.state_history, 'PENDING'),
  });
  await message('FAILED', 'PENDING', { retry: 1 });
  expect(await checkModel(fixture.client, { counters: false })).toEqual({});
});

describe('a history', () => {
  test.each(['not JSON', '{}', '[1,', `["${'x'.repeat(1_000_000)}"]`])(
    'that is no array, or too large, stays as it is: %#',
    async (error_history) => {
      const [, after] = await repaired({ ...activeTask(TASK, RUN), error_history }, 'stuck-active');
      expect(after).toMatchObject({ state: 'PENDING', error_history });
      expect(JSON.parse(after.state_history!)).toHaveLength(2);
    },
  );

  test('that is missing begins anew', async () => {
    const { error_history: _, ...fields } = activeTask(TASK, RUN);
    const [, after] = await repaired({ ...fields, state_history: '' }, 'stuck-active');
    expect(JSON.parse(after.error_history!)).toHaveLength(1);
    expect(after.state_history).toBe(pyJson([{ state: 'PENDING', timestamp: AT }]));
  });
});

describe('counters', () => {
  const repair = () => fixStuckTasks(fixture.deps(), { ...AT_NOW, only: ['stuck-active'] });
  beforeEach(() => fixture.write('one', activeTask(TASK, RUN)));

  test('are not created where there are none', async () => {
    expect((await repair()).outcome).toBe('repaired');
    expect(Object.values(await readCounters(fixture.client))).toEqual([null, null, null, null, null, null]);
  });

  test.each(['abc', '007', '', ' 4'])('that are %j stay as they are', async (raw) => {
    await fixture.client.mSet({ [counterKey('ACTIVE')]: raw, [counterKey('PENDING')]: raw });
    expect((await repair()).outcome).toBe('repaired');
    expect(await readCounters(fixture.client)).toMatchObject({ ACTIVE: raw, PENDING: raw });
  });

  test('of another type stay as they are', async () => {
    await fixture.client.lPush(counterKey('ACTIVE'), 'x');
    expect((await repair()).outcome).toBe('repaired');
    expect(await fixture.client.lRange(counterKey('ACTIVE'), 0, -1)).toEqual(['x']);
    expect(await fixture.client.get(counterKey('PENDING'))).toBe('1');
  });
});
