import { pyJson } from '../python.js';
import type { Random } from '../random.js';

const NO_CALLBACKS = '{"callbacks": null, "errbacks": null, "chain": null, "chord": null}';
const REPLY_TO = '15ffa06d-3b1d-3da6-aad7-487ae292891f';

export interface BrokerMessage {
  deliveryTag: string;
  /** JSON, as it stands in the list `celery`. */
  message: string;
}

/** The Celery message `summarize_text([taskId])`, as the consumer sends it. */
export function celeryMessage(taskId: string, random: Random): BrokerMessage {
  const celeryId = random.uuid();
  const deliveryTag = random.uuid();
  const body = Buffer.from(`[["${taskId}"], {}, ${NO_CALLBACKS}]`).toString('base64');
  const message = pyJson({
    body,
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: {
      lang: 'py',
      task: 'summarize_text',
      id: celeryId,
      shadow: null,
      eta: null,
      expires: null,
      group: null,
      group_index: null,
      retries: 0,
      timelimit: [null, null],
      root_id: celeryId,
      parent_id: null,
      argsrepr: `['${taskId}']`,
      kwargsrepr: '{}',
      origin: 'gen25648@vm',
      ignore_result: false,
    },
    properties: {
      correlation_id: celeryId,
      reply_to: REPLY_TO,
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: 'celery' },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: deliveryTag,
    },
  });
  return { deliveryTag, message };
}

/** A message taken and not yet acknowledged: the triple that `unacked` holds under the delivery tag. */
export const unackedTriple = ({ message }: BrokerMessage): string => `[${message}, "", "celery"]`;

/** The id of the task in a message of the list `celery`; undefined where it is another message. */
export function taskIdOfMessage(message: string): string | undefined {
  try {
    const { body } = JSON.parse(message) as { body: string };
    const [args] = JSON.parse(Buffer.from(body, 'base64').toString()) as [unknown[]];
    return typeof args[0] === 'string' ? args[0] : undefined;
  } catch {
    return undefined;
  }
}

/** The id of the task in a value of `unacked`; undefined where it is no such triple, or of another message. */
export function taskIdOfTriple(triple: string): string | undefined {
  try {
    const [message] = JSON.parse(triple) as [unknown];
    return taskIdOfMessage(JSON.stringify(message));
  } catch {
    return undefined;
  }
}

/** The delivery tag of a message of the list `celery`; undefined where it is no Celery message. */
export function deliveryTagOf(message: string): string | undefined {
  try {
    return (JSON.parse(message) as { properties: { delivery_tag: string } }).properties.delivery_tag;
  } catch {
    return undefined;
  }
}

/** The members of `_kombu.binding.{queue}`: routing key, pattern and queue, set apart by two control characters. */
export const BINDINGS: ReadonlyArray<readonly [queue: string, member: string]> = [
  ['celery', 'celery\u0006\u0016\u0006\u0016celery'],
  ['celery.pidbox', '\u0006\u0016\u0006\u0016w1@vm.celery.pidbox'],
];

/** A left-over of Celery's result backend. */
export const celeryMeta = (id: string, doneAt: string): string =>
  pyJson({
    status: 'SUCCESS',
    result: null,
    traceback: null,
    children: [],
    date_done: doneAt,
    task_id: id,
  });
