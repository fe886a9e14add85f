import { describe, expect, test } from '@jest/globals';
import {
  activeTask,
  BINDINGS,
  bindingKey,
  celeryMessage,
  completedTask,
  createRandom,
  defectiveDlqTask,
  type Failure,
  type Micros,
  type NewTask,
  pendingTask,
  type RecordedKey,
  readRecording,
  SECOND,
  scheduledTask,
  type TaskFields,
  taskIdOfMessage,
  unknownIdTask,
} from '../src/index.js';

const recording = await readRecording();
const tasks = recording.filter((entry) => entry.key.startsWith('task:')) as Extract<
  RecordedKey,
  { type: 'hash' }
>[];

const micros = (text: string | undefined): Micros => {
  const [seconds = '', fraction = '0'] = (text ?? '').split('.');
  return Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, '0'));
};

function newTaskOf(fields: TaskFields): NewTask {
  const task = {
    id: fields.task_id as string,
    content: fields.content as string,
    createdAt: micros(fields.created_at),
  };
  if (fields.metadata === undefined) return task;
  const { filename, issue_date, file_size } = JSON.parse(fields.metadata);
  return { ...task, pdf: { filename, issueDate: issue_date, bytes: file_size } };
}

function failuresOf(fields: TaskFields): Failure[] {
  const retryAt = micros(fields.retry_after) / SECOND;
  return JSON.parse(fields.error_history as string).map(
    (entry: { timestamp: string; error: string; error_type: string }) => ({
      at: micros(entry.timestamp),
      error: entry.error,
      errorType: entry.error_type,
      retryAt,
    }),
  );
}

const runOf = (fields: TaskFields) => ({
  workerId: fields.worker_id as string,
  startedAt: micros(fields.started_at),
});

/** The recorded task, made anew by a builder from the few facts that went into it. */
function rebuild(id: string, fields: TaskFields): TaskFields {
  const defective = fields.task_id === undefined;
  if (defective && fields.state === 'DLQ') return defectiveDlqTask(id, micros(fields.updated_at));
  if (defective) {
    const content = /SLOW deleted while active \d/.exec(fields.result as string)?.[0] as string;
    return unknownIdTask(content, micros(fields.updated_at));
  }
  const task = newTaskOf(fields);
  if (fields.state === 'PENDING') return pendingTask(task);
  if (fields.state === 'ACTIVE') return activeTask(task, runOf(fields));
  if (fields.state === 'SCHEDULED') return scheduledTask(task, runOf(fields), failuresOf(fields));
  return completedTask(task, { ...runOf(fields), completedAt: micros(fields.completed_at) });
}

describe('the builders write what the real system wrote', () => {
  test('the recording holds 38 tasks', () => expect(tasks).toHaveLength(38));

  test.each(tasks.map((entry) => [`${entry.value.state} ${entry.key}`, entry] as const))(
    '%s comes out field by field as recorded',
    (_, { key, value }) => {
      expect(rebuild(key.slice('task:'.length), value)).toEqual(value);
    },
  );

  test('a broker message comes out byte for byte as recorded', () => {
    const messages = recording.find(({ key }) => key === 'celery')?.value as string[];
    expect(messages).toHaveLength(3);
    for (const recorded of messages) {
      const id = taskIdOfMessage(recorded) as string;
      const { headers, properties } = JSON.parse(recorded);
      const uuids = [headers.id, properties.delivery_tag];
      const random = { ...createRandom(1), uuid: () => uuids.shift() as string };
      expect(celeryMessage(id, random)).toEqual({
        message: recorded,
        deliveryTag: properties.delivery_tag,
      });
    }
  });

  test('the broker routes as recorded', () => {
    const sets = recording.filter(({ type }) => type === 'set').map(({ key, value }) => ({ key, value }));
    expect(BINDINGS.map(([queue, member]) => ({ key: bindingKey(queue), value: [member] }))).toEqual(sets);
  });
});
