import {
  BROKER_LIST,
  bindingKey,
  celeryMetaKey,
  counterKey,
  HEARTBEAT_TTL_SECONDS,
  heartbeatKey,
  OPENROUTER_BUCKET,
  STATES,
  type State,
  UNACKED_HASH,
} from '../keys.js';
import { isoformat, pyFloat } from '../python.js';
import { BINDINGS, celeryMessage, celeryMeta, unackedTriple } from '../shapes/broker-shapes.js';
import type { CounterDrift } from './seed-options.js';
import type { Seeder } from './seeder.js';

/** The Celery workers of a healthy system; none of them is in the recording. */
export const LIVE_WORKERS = ['celery-w1@vm-25654', 'celery-w1@vm-25655', 'celery-w1@vm-25656'];
/** The queue consumer, which beats too. */
export const CONSUMER = 'worker-vm-25658-75d41ccc';

const DAY_SECONDS = 86_400;
/** The body of a message whose task is called by keyword. */
const NO_ARGUMENTS = Buffer.from('[[], {"month": 11}, {}]').toString('base64');

/** Heartbeats (they expire after 90 s), the broker's routing, the LLM API's rate limit. */
export function writeSystemKeys({ buffer, manifest, maker }: Seeder): void {
  manifest.workers = [...LIVE_WORKERS, CONSUMER];
  for (const worker of manifest.workers) {
    const beat = pyFloat(maker.secondsFromNow(-5));
    buffer.push('SET', heartbeatKey(worker), beat, 'EX', String(HEARTBEAT_TTL_SECONDS));
  }
  for (const [queue, member] of BINDINGS) buffer.push('SADD', bindingKey(queue), member);
  buffer.pushHash(OPENROUTER_BUCKET, {
    tokens: '229',
    last_refill: pyFloat(maker.secondsFromNow(-9)),
    capacity: '230',
    refill_rate: '23',
  });
}

/** Left-overs of Celery's result backend, the first `withTtl` of them with an expiry of up to a day. */
export async function writeCeleryMeta(seeder: Seeder, options: { count: number; withTtl: number }) {
  const { buffer, maker } = seeder;
  for (let index = 0; index < options.count; index++) {
    const id = maker.random.uuid();
    const value = celeryMeta(id, `${isoformat(maker.longAgo())}+00:00`);
    const expiry = index < options.withTtl ? ['EX', String(60 + maker.random.int(DAY_SECONDS - 60))] : [];
    buffer.push('SET', celeryMetaKey(id), value, ...expiry);
    if (buffer.full) await buffer.flush();
  }
}

/** Keys of other programs: strings, hashes and lists in turn, some with names much like AsyncTaskFlow's. */
export async function writeForeignKeys({ buffer, manifest, maker }: Seeder, count: number): Promise<void> {
  const names = ['session:', 'tasks_archive:', 'taskmaster:', 'shop:cart:', 'my:task:'];
  for (let index = 0; index < count; index++) {
    const key = `${names[index % names.length]}${maker.random.uuid()}`;
    if (index % 3 === 0) buffer.push('SET', key, `value ${index}`);
    else if (index % 3 === 1) buffer.push('HSET', key, 'state', 'ACTIVE', 'owner', `user ${index}`);
    else buffer.push('RPUSH', key, 'first', 'second');
    manifest.foreignKeys.push(key);
    if (buffer.full) await buffer.flush();
  }
}

/** Messages of other programs, in `celery` and in `unacked` in turn. */
export function writeForeignMessages({ buffer, maker }: Seeder, count: number): void {
  for (let index = 0; index < count; index++) {
    const { deliveryTag, message } = celeryMessage(`report-${index}`, maker.random);
    const foreign = foreignMessage(message, index);
    if (index % 2 === 0) buffer.push('LPUSH', BROKER_LIST, foreign);
    else buffer.push('HSET', UNACKED_HASH, deliveryTag, unackedTriple({ deliveryTag, message: foreign }));
  }
}

function foreignMessage(message: string, index: number): string {
  const named = message.replace('"summarize_text"', '"send_report"');
  return index % 3 === 0 ? named : named.replace(/"body": "[^"]*"/, `"body": "${NO_ARGUMENTS}"`);
}

/** Counters that equal the tasks' states, after the drift that was asked for. As recorded, `failed` is absent while 0. */
export function writeCounters({ buffer, manifest }: Seeder, drift: CounterDrift = {}): void {
  for (const state of STATES) {
    const value = counterValue(manifest.states[state], state, drift[state]);
    manifest.counters[state] = value;
    if (value !== null) buffer.push('SET', counterKey(state), value);
  }
}

function counterValue(tasks: number, state: State, drift: string | null | number | undefined): string | null {
  if (typeof drift === 'string' || drift === null) return drift;
  const absent = state === 'FAILED' && tasks === 0 && drift === undefined;
  return absent ? null : String(tasks + (drift ?? 0));
}
