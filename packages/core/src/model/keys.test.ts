import { describe, expect, test } from '@jest/globals';
import * as keys from './keys.js';

const ID = '5e6e6dca-c6b9-4c8d-b852-3b9dbf4f1408';

describe('the key of', () => {
  test.each([
    ['a task', keys.taskKey(ID), 'task:5e6e6dca-c6b9-4c8d-b852-3b9dbf4f1408'],
    ['its dead-letter copy', keys.dlqTaskKey(ID), 'dlq:task:5e6e6dca-c6b9-4c8d-b852-3b9dbf4f1408'],
    ['the queue of new tasks', keys.PENDING_PRIMARY_KEY, 'tasks:pending:primary'],
    ['the queue of tasks to run again', keys.PENDING_RETRY_KEY, 'tasks:pending:retry'],
    ['the scheduled tasks', keys.SCHEDULED_KEY, 'tasks:scheduled'],
    ['the dead-letter queue', keys.DLQ_KEY, 'dlq:tasks'],
    ["the broker's queue", keys.BROKER_QUEUE_KEY, 'celery'],
    ["the broker's unacknowledged messages", keys.BROKER_UNACKED_KEY, 'unacked'],
    ['their index', keys.BROKER_UNACKED_INDEX_KEY, 'unacked_index'],
    ['their lock', keys.BROKER_UNACKED_MUTEX_KEY, 'unacked_mutex'],
    ["the dashboard's channel", keys.QUEUE_UPDATES_CHANNEL, 'queue-updates'],
    ["a worker's heartbeat", keys.heartbeatKey('w1@vm-1'), 'worker:heartbeat:w1@vm-1'],
    ["a left-over of Celery's result backend", keys.celeryMetaKey(ID), `celery-task-meta-${ID}`],
  ])('%s is as AsyncTaskFlow writes it', (_, key, written) => {
    expect(key).toBe(written);
  });

  test.each([
    ['PENDING', 'metrics:tasks:state:pending'],
    ['ACTIVE', 'metrics:tasks:state:active'],
    ['COMPLETED', 'metrics:tasks:state:completed'],
    ['FAILED', 'metrics:tasks:state:failed'],
    ['SCHEDULED', 'metrics:tasks:state:scheduled'],
    ['DLQ', 'metrics:tasks:state:dlq'],
  ] as const)('the counter of %s has the state in lower case', (state, written) => {
    expect(keys.counterKey(state)).toBe(written);
  });
});
