import {
  activeTask,
  type BrokerMessage,
  celeryMessage,
  createRandom,
  MINUTE,
  microsOf,
  pendingTask,
  unackedTriple,
} from '@atf/sandbox';
import { beforeEach } from '@jest/globals';
import { fixStuckTasks } from '../src/fix-stuck-tasks.js';
import { type Bench, LOOK, useBench } from './support.js';

const random = createRandom(1);
const createdAt = microsOf(new Date()) - 60 * MINUTE;

export const messageOf = (id: string): BrokerMessage => celeryMessage(id, random);
/** A member of kombu's binding of a queue. */
export const binding = (queue: string): string => `${queue}\x06\x16\x06\x16${queue}`;
export const BINDING = binding('celery');
/** A message of another program. */
export const foreign = (): string =>
  JSON.stringify({ body: '[[],{},{}]', headers: { task: 'mail.send' }, properties: {} });

/** A Redis with two old tasks that are in no queue: `waits` is PENDING, `runs` is ACTIVE. */
export interface BrokerBench extends Bench {
  writeTasks(): Promise<void>;
  /** Does what a worker does that takes a message. */
  take(message: BrokerMessage, hash?: string): Promise<unknown>;
  found(options?: Parameters<typeof fixStuckTasks>[1]): Promise<{
    ids: string[];
    result: Awaited<ReturnType<typeof fixStuckTasks>>['result'];
  }>;
}

export function useBrokerBench(): BrokerBench {
  const bench = useBench();
  const writeTasks = async () => {
    await bench.write('waits', pendingTask({ id: 'waits', content: 'x', createdAt }));
    const run = { workerId: 'dead', startedAt: createdAt };
    await bench.write('runs', activeTask({ id: 'runs', content: 'x', createdAt }, run));
  };
  const take = (message: BrokerMessage, hash = 'unacked') =>
    bench.client
      .multi()
      .hSet(hash, message.deliveryTag, unackedTriple(message))
      .zAdd(`${hash}_index`, { value: message.deliveryTag, score: Date.now() / 1000 })
      .exec();
  const found: BrokerBench['found'] = async (options = LOOK) => {
    const { result } = await fixStuckTasks(bench.deps(), options);
    return { ids: result.findings.map(({ id }) => id).sort(), result };
  };
  beforeEach(writeTasks);
  return Object.assign(bench, { writeTasks, take, found });
}
