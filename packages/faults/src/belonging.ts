import type { Making } from './hostile/contents.js';
import { TASK_FIELDS } from './hostile/contents.js';
import type { HostileKey } from './hostile/databases.js';

/** Names and commands that make them, as a running AsyncTaskFlow writes them; tasks are looked at apart. */
const OWN: readonly [RegExp, RegExp][] = [
  [/^dlq:task:/, /^HSET$/],
  [/^(tasks:pending:(primary|retry)|dlq:tasks)$/, /^RPUSH$/],
  [/^tasks:scheduled$/, /^ZADD$/],
  [/^(metrics:tasks:state:|worker:heartbeat:|celery-task-meta-)/, /^SET$/],
  [/^openrouter:/, /^(SET|HSET|RPUSH)$/],
];
const MESSAGES: readonly [RegExp, RegExp][] = [
  [/^celery$/, /^RPUSH$/],
  [/^unacked$/, /^HSET$/],
];
const BINDINGS: readonly [RegExp, RegExp][] = [[/^_kombu\.binding\./, /^SADD$/]];
const OTHERS_OF_CELERY: readonly [RegExp, RegExp][] = [
  [/^unacked_index$/, /^ZADD$/],
  [/^unacked_mutex$/, /^SET$/],
  [/^celery-taskset-meta-/, /^(SET|RPUSH|ZADD)$/],
];
/** A list with such a name is no queue of Celery, whatever it holds. */
const NAMED =
  /^((dlq:)?task:|celery-task(set)?-meta-|worker:heartbeat:|_kombu\.binding\.|openrouter:|metrics:|tasks:scheduled$|unacked(_index|_mutex)?$)/;
const UUID = /^task:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const nameOf = ({ key }: HostileKey) => key.toString('latin1');
const isAmong = (kinds: typeof OWN, one: HostileKey) =>
  kinds.some(([name, command]) => name.test(nameOf(one)) && command.test(one.make[0]));

/** True for a task: a hash under `task:` with a field of a task, or with a name that only a task has. */
export function isTaskHash({ key, make }: HostileKey): boolean {
  const name = key.toString('latin1');
  if (!name.startsWith('task:') || make[0] !== 'HSET') return false;
  return UUID.test(name) || fieldsOf(make).some((field) => TASK_FIELDS.includes(field.toString()));
}

/** True for a task that is ACTIVE. */
export function isActive({ make }: HostileKey): boolean {
  const [, ...pairs] = make;
  return (
    String(pairs[pairs.findLastIndex((part, i) => i % 2 === 0 && String(part) === 'state') + 1]) === 'ACTIVE'
  );
}

/** True if a worker has taken a message that is no JSON, as Python reads it: it may name any task. */
export function hasUnreadableMessage(keys: readonly HostileKey[]): boolean {
  return keys
    .filter((one) => isAmong(MESSAGES, one) && one.make[0] === 'HSET')
    .some(({ make }) => {
      const [, ...pairs] = make;
      const messages = new Map(
        fieldsOf(make).map((field, i) => [Buffer.from(field).toString('latin1'), pairs[2 * i + 1]]),
      );
      return [...messages.values()].some((message) => !isJson(String(message)));
    });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text === 'NaN' ? 'null' : text);
    return true;
  } catch {
    return false;
  }
}

const fieldsOf = ([, ...pairs]: Making) => pairs.filter((_, i) => i % 2 === 0);

/**
 * The names that a reset deletes from a hostile database. None of its messages is AsyncTaskFlow's, and none of its bindings names
 * a queue that AsyncTaskFlow knows. So what Celery's programs share stays if there is a message, or a binding beside unknown keys.
 */
export function resetNames(keys: readonly HostileKey[]): string[] {
  const own = keys.filter((one) => isTaskHash(one) || isAmong(OWN, one));
  const messages = keys.filter((one) => isAmong(MESSAGES, one) || isUnnamedQueue(one));
  const bindings = keys.filter((one) => isAmong(BINDINGS, one));
  const shared = [...bindings, ...keys.filter((one) => isAmong(OTHERS_OF_CELERY, one))];
  const hasUnknown = own.length + messages.length + shared.length < keys.length;
  const isShared = messages.length > 0 || (bindings.length > 0 && hasUnknown);
  return [...own, ...(isShared ? [] : shared)].map(nameOf).sort();
}

/** True for a list without a known name that has a message at an end. */
function isUnnamedQueue(one: HostileKey): boolean {
  const [command, ...entries] = one.make;
  if (command !== 'RPUSH' || NAMED.test(nameOf(one)) || isAmong(OWN, one)) return false;
  return [entries[0], entries.at(-1)].some((entry) => /^\{.*"body"/s.test(String(entry)));
}
