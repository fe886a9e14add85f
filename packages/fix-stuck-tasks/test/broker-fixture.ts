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
import { DRY_RUN, type Fixture, useFixture } from './support.js';

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
export interface BrokerBench extends Fixture {
  writeTasks(): Promise<void>;
  /** Does what a worker does that takes a message. */
  take(message: BrokerMessage, hash?: string): Promise<unknown>;
  found(options?: Parameters<typeof fixStuckTasks>[1]): Promise<{
    ids: string[];
    result: Awaited<ReturnType<typeof fixStuckTasks>>['result'];
  }>;
}

export function useBrokerFixture(): BrokerBench {
  const fixture = useFixture();
  const writeTasks = async () => {
    await fixture.write('waits', pendingTask({ id: 'waits', content: 'x', createdAt }));
    const run = { workerId: 'dead', startedAt: createdAt };
    await fixture.write('runs', activeTask({ id: 'runs', content: 'x', createdAt }, run));
  };
  const take = (message: BrokerMessage, hash = 'unacked') =>
    fixture.client
      .multi()
      .hSet(hash, message.deliveryTag, unackedTriple(message))
      .zAdd(`${hash}_index`, { value: message.deliveryTag, score: Date.now() / 1000 })
      .exec();
  const found: BrokerBench['found'] = async (options = DRY_RUN) => {
    const { result } = await fixStuckTasks(fixture.deps(), options);
    return { ids: result.findings.map(({ id }) => id).sort(), result };
  };
  beforeEach(writeTasks);
  return Object.assign(fixture, { writeTasks, take, found });
}
