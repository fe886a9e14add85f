import { DLQ_LIST, PRIMARY_QUEUE, RETRY_QUEUE, SCHEDULED_SET, taskKey } from '../keys.js';
import { MINUTE, SECOND } from '../python.js';
import * as defective from '../shapes/defective-shapes.js';
import { FAULTS, type Fault, type FaultCounts } from './seed-options.js';
import { enqueue, noteFault, put, QUEUES, type Seeder, send } from './seeder.js';
import type { MadeTask } from './task-maker.js';

const DEAD_WORKERS = ['celery-w1@vm-25601', 'celery-w1@vm-25602', 'celery-w1@vm-25603'];
const HOUR = 60 * MINUTE;
/** The states of tasks whose message is stale, and where else such a task is. */
const SENT_STATES = [
  ['COMPLETED', undefined],
  ['SCHEDULED', SCHEDULED_SET],
  ['DLQ', DLQ_LIST],
] as const;

type MakeFault = (seeder: Seeder, index: number) => string;

const old = ({ maker }: Seeder, youngest: number) => maker.ago(youngest, youngest + 5 * HOUR);

function noteQueue({ manifest }: Seeder, id: string, queue: string): string {
  manifest.queueOf[id] = queue;
  return id;
}

const waiting = ({ maker }: Seeder): MadeTask => maker.pending(maker.ago(SECOND, 60 * MINUTE));

/** A whole COMPLETED task after one change. */
function completedBut(seeder: Seeder, change: (fields: MadeTask['fields']) => MadeTask['fields']): string {
  const task = seeder.maker.completed(seeder.maker.longAgo());
  return put(seeder, { ...task, fields: change(task.fields) });
}

/** One of each fault, exactly as the running system comes to it. */
const MAKE: Record<Fault, MakeFault> = {
  unknownId: (seeder, index) => {
    const fields = defective.unknownIdTask(`SLOW deleted while active ${index + 1}`, old(seeder, MINUTE));
    return put(seeder, { id: seeder.maker.random.uuid(), fields });
  },
  defectiveDlq: (seeder) => {
    const id = seeder.maker.random.uuid();
    return put(seeder, { id, fields: defective.defectiveDlqTask(id, old(seeder, MINUTE)) }, DLQ_LIST);
  },
  stuckActive: (seeder, index) => {
    const { maker } = seeder;
    const [since, worker] = [old(seeder, 20 * MINUTE), maker.random.pick(DEAD_WORKERS)];
    return put(seeder, index % 3 === 2 ? maker.lastAttempt(since, worker) : maker.active(since, worker));
  },
  orphanedPending: (seeder) => put(seeder, seeder.maker.pending(old(seeder, 10 * MINUTE))),
  overdueScheduled: (seeder) => put(seeder, overdue(seeder), SCHEDULED_SET),
  orphanedScheduled: (seeder) => put(seeder, overdue(seeder)),
  orphanedDlq: (seeder) => put(seeder, seeder.maker.dlq(seeder.maker.longAgo())),
  ghostEntry: (seeder, index) => {
    const id = seeder.maker.random.uuid();
    const queue = QUEUES[index % QUEUES.length] as string;
    enqueue(seeder, queue, { id });
    return noteQueue(seeder, id, queue);
  },
  staleEntry: (seeder, index) => {
    const queue = index % 2 === 0 ? PRIMARY_QUEUE : RETRY_QUEUE;
    const task = staleTask(seeder, index);
    if (task.fields.state === 'DLQ') enqueue(seeder, DLQ_LIST, task);
    put(seeder, task, queue);
    return noteQueue(seeder, task.id, queue);
  },
  duplicateEntry: (seeder) => {
    const task = waiting(seeder);
    enqueue(seeder, PRIMARY_QUEUE, task);
    return noteQueue(seeder, put(seeder, task, PRIMARY_QUEUE), PRIMARY_QUEUE);
  },
  twoLists: (seeder) => {
    const task = waiting(seeder);
    enqueue(seeder, RETRY_QUEUE, task);
    return put(seeder, task, PRIMARY_QUEUE);
  },
  queuedAndSent: (seeder, index) => {
    const task = waiting(seeder);
    send(seeder, task.id, index % 2 === 1);
    return put(seeder, task, PRIMARY_QUEUE);
  },
  sentTwice: (seeder) => {
    const task = waiting(seeder);
    send(seeder, task.id);
    send(seeder, task.id);
    return put(seeder, task);
  },
  staleMessage: (seeder, index) => {
    const [state, queue] = SENT_STATES[index % SENT_STATES.length] as (typeof SENT_STATES)[number];
    const { maker } = seeder;
    const task = {
      COMPLETED: () => maker.completed(maker.longAgo()),
      SCHEDULED: () => maker.scheduled(maker.ago(SECOND, 10 * MINUTE), maker.secondsFromNow(600)),
      DLQ: () => maker.dlq(maker.longAgo()),
    }[state]();
    send(seeder, task.id);
    return put(seeder, task, queue);
  },
  unknownState: (seeder) => completedBut(seeder, defective.withUnknownState),
  missingState: (seeder) => completedBut(seeder, (fields) => defective.withoutField(fields, 'state')),
  yearOne: (seeder) => completedBut(seeder, defective.withYearOne),
  badDate: (seeder) => completedBut(seeder, defective.withBadDate),
  notAHash: ({ buffer, maker }, index) => {
    const id = maker.random.uuid();
    if (index % 2 === 0) buffer.push('SET', taskKey(id), 'locked');
    else buffer.push('RPUSH', taskKey(id), 'one', 'two');
    return id;
  },
};

function overdue(seeder: Seeder): MadeTask {
  const { maker } = seeder;
  return maker.scheduled(old(seeder, 20 * MINUTE), maker.secondsFromNow(-300 - maker.random.int(600)));
}

function staleTask({ maker }: Seeder, index: number): MadeTask {
  if (index % 3 === 0) return maker.completed(maker.longAgo());
  return index % 3 === 1 ? maker.active(maker.ago(SECOND, 10 * MINUTE)) : maker.dlq(maker.longAgo());
}

/** Writes the faults that were asked for. */
export async function writeFaults(seeder: Seeder, counts: FaultCounts): Promise<void> {
  for (const fault of FAULTS) {
    for (let index = 0; index < (counts[fault] ?? 0); index++) {
      noteFault(seeder, fault, MAKE[fault](seeder, index));
      if (seeder.buffer.full) await seeder.buffer.flush();
    }
  }
}
