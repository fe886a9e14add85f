import { parsePythonJson } from './python-json.js';

/**
 * Whose a message is: `ours` runs a task of AsyncTaskFlow, itself or in what runs after it; `celery` is a task of Celery's own,
 * such as `celery.chord_unlock`; `other` belongs to another program; `none` names no task, such as a reply to a command.
 */
export type MessageOwner = 'ours' | 'celery' | 'other' | 'none';

interface Envelope {
  owner: MessageOwner;
  /** Where Celery sent it; undefined if it does not say. */
  routingKey: string | undefined;
  /** What kombu knows the message by; undefined if it does not say. */
  tag: string | undefined;
}

/** A message of Celery's broker whose body could be read. */
export interface ReadableMessage extends Envelope {
  kind: 'readable';
  /**
   * Every string in its body, once: arguments by position and by name, nested ones, and those of what runs after it. The
   * caller knows which of them are ids: a task whose id is among them is not lost.
   */
  mentioned: string[];
}

/**
 * What a message says about tasks. `opaque`: its body is in a form that is not read here (pickled, compressed), so it may name
 * any task. `unreadable`: not even its envelope can be read. `not-celery`: it is JSON, but no message of Celery, so no worker can
 * take a task from it.
 */
export type BrokerMessage =
  | ReadableMessage
  | (Envelope & { kind: 'opaque' })
  | { kind: 'unreadable' }
  | { kind: 'not-celery' };

/** The Celery tasks by which AsyncTaskFlow runs its tasks, in whatever module. */
const OUR_TASK = /^(.*\.)?(summarize_text|process_task)$/;

/**
 * Reads an entry of a broker's queue: a JSON object, its `body` base64 of JSON (plain if `body_encoding` does not say base64),
 * of Celery's protocol 2, `[args, kwargs, embed]`, or 1, an object with `args` and `kwargs`. Never throws, and nothing in it
 * recurses. Cost: O(length), no Redis call.
 */
export function readQueuedMessage(text: string): BrokerMessage {
  return readMessage(parsePythonJson(text));
}

/** Reads a value of the hash `unacked`, the JSON array `[message, exchange, routing_key]`; see {@link readQueuedMessage}. */
export function readUnackedMessage(text: string): BrokerMessage {
  const triple = parsePythonJson(text);
  if (triple === undefined) return { kind: 'unreadable' };
  return readMessage(Array.isArray(triple) ? (triple[0] ?? null) : null);
}

function readMessage(message: unknown): BrokerMessage {
  if (message === undefined) return { kind: 'unreadable' };
  if (!isRecord(message) || typeof message.body !== 'string') return { kind: 'not-celery' };
  const properties = isRecord(message.properties) ? message.properties : {};
  const { delivery_info: delivery } = properties;
  const tag = textOf(properties.delivery_tag);
  const routingKey = isRecord(delivery) ? textOf(delivery.routing_key) : undefined;
  const body = parsePythonJson(
    properties.body_encoding === 'base64' ? Buffer.from(message.body, 'base64').toString() : message.body,
  );
  // Protocol 2 names the task in the headers, protocol 1 in the body.
  const task = taskNamed(message.headers) ?? taskNamed(body);
  if (body === undefined) return { kind: 'opaque', owner: ownerOf(task), routingKey, tag };
  const { strings, tasks } = contentOf(body);
  const owner = tasks.some((name) => OUR_TASK.test(name)) ? 'ours' : ownerOf(task);
  return { kind: 'readable', owner, routingKey, tag, mentioned: [...strings] };
}

function ownerOf(task: string | undefined): MessageOwner {
  if (task === undefined) return 'none';
  if (OUR_TASK.test(task)) return 'ours';
  return task.startsWith('celery.') ? 'celery' : 'other';
}

const taskNamed = (part: unknown): string | undefined => (isRecord(part) ? textOf(part.task) : undefined);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * All strings among the values, once each, and the tasks that what runs afterwards names. A stack of its own: JSON may be
 * nested deeper than calls can be.
 */
function contentOf(json: unknown): { strings: Set<string>; tasks: string[] } {
  const strings = new Set<string>();
  const tasks: string[] = [];
  const rest = [json];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value === 'string') strings.add(value);
    if (typeof value !== 'object' || value === null) continue;
    const task = taskNamed(value);
    if (task !== undefined) tasks.push(task);
    for (const item of Object.values(value)) rest.push(item);
  }
  return { strings, tasks };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
