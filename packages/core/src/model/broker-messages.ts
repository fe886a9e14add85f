/** A message of Celery's broker whose body could be read. */
export interface ReadableMessage {
  kind: 'readable';
  /** The Celery task, for example `summarize_text`; undefined where none is named. */
  task: string | undefined;
  /**
   * Every string in its body, once: arguments by place and by name, nested ones, those of what is to run after it.
   * Which of them are ids is for the caller to know: a task whose id is among them is not lost.
   */
  mentioned: string[];
}

/**
 * What a message says about tasks. Not being read has two kinds: `not-celery` is no Celery message, so no worker can take
 * a task from it; `opaque` is one whose body is in a form that is not read here (pickled, compressed), so it may name
 * any task.
 */
export type BrokerMessage =
  | ReadableMessage
  | { kind: 'opaque'; task: string | undefined }
  | { kind: 'not-celery' };

/**
 * Reads an entry of the list `celery`: a JSON object, its `body` base64 of JSON (plain where `body_encoding` does not
 * say base64), of Celery's protocol 2, `[args, kwargs, embed]`, or 1, an object with `args` and `kwargs`.
 * Never throws, and nothing in it recurses. Cost: O(length), no Redis call.
 */
export function readQueuedMessage(text: string): BrokerMessage {
  return readMessage(parseJson(text));
}

/** Reads a value of the hash `unacked`, the JSON array `[message, exchange, routing_key]`; see {@link readQueuedMessage}. */
export function readUnackedMessage(text: string): BrokerMessage {
  const triple = parseJson(text);
  return readMessage(Array.isArray(triple) ? triple[0] : undefined);
}

function readMessage(message: unknown): BrokerMessage {
  if (!isRecord(message) || typeof message.body !== 'string') return { kind: 'not-celery' };
  const body = parseJson(decodedBody(message.body, message.properties));
  // Protocol 2 names the task in the headers, protocol 1 in the body.
  const task = taskNamed(message.headers) ?? taskNamed(body);
  return body === undefined
    ? { kind: 'opaque', task }
    : { kind: 'readable', task, mentioned: stringsIn(body) };
}

function decodedBody(body: string, properties: unknown): string {
  const encoding = isRecord(properties) ? properties.body_encoding : undefined;
  return encoding === 'base64' ? Buffer.from(body, 'base64').toString() : body;
}

function taskNamed(part: unknown): string | undefined {
  return isRecord(part) && typeof part.task === 'string' ? part.task : undefined;
}

/** All strings among the values, once each. A stack of its own: JSON may be nested deeper than calls can be. */
function stringsIn(json: unknown): string[] {
  const strings = new Set<string>();
  const rest = [json];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value === 'string') strings.add(value);
    else if (typeof value === 'object' && value !== null)
      for (const item of Object.values(value)) rest.push(item);
  }
  return [...strings];
}

/** The JSON's value; undefined, which is none, where it is no JSON. V8's parser does not recurse. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
