import {
  type Argument,
  kindOfKey,
  type QueueRecord,
  readQueuedMessage,
  readUnackedMessage,
  TASK_KEY_PREFIX,
  type TaskRecord,
} from '@atf/core';

/** A task that an entry names. */
export interface NamedTask {
  key: Buffer;
  /** False: the entry mentions a text that may be the id of a task. */
  isCertain: boolean;
}

export interface QueueEntry {
  element: Buffer;
  /** The position in a list from its tail, 0 for the last entry; the score in a sorted set; the value in a hash. */
  at: Argument;
  /** Its number among the entries with the same element, 1 for the lowest position. */
  number: number;
  /** Undefined: nobody can read which tasks it names. */
  tasks: NamedTask[] | undefined;
}

export interface Queue {
  key: Buffer;
  kind: QueueRecord['kind'];
  /** True: the backup holds the entries of single tasks only. */
  isShared: boolean;
}

interface Gathered extends Omit<QueueEntry, 'number'> {
  /** False: nobody knows yet what became of its task. */
  isSettled: boolean;
}

/**
 * Gathers the queue entries of a backup, because they come back last, and a list needs all of its entries at once. Memory:
 * some 200 bytes for each entry, and the messages of the broker.
 */
export class QueueEntries {
  readonly #queues = new Map<string, { queue: Queue; entries: Gathered[] }>();
  /** True if the backup holds whole queues or messages of the broker. */
  holdsQueues = false;

  /** Adds the entries of a task. Call the function that it returns once it is known what became of the task. */
  addTask({ entries, task }: TaskRecord): () => void {
    const tasks = [{ key: bytesOf(task.key), isCertain: true }];
    const added = entries.map(({ key, element, fromTail }) => {
      const entry = { element: bytesOf(element), at: String(fromTail), tasks, isSettled: false };
      this.#entriesOf({ key: bytesOf(key), kind: 'list', isShared: true }).push(entry);
      return entry;
    });
    return () => {
      for (const entry of added) entry.isSettled = true;
    };
  }

  addQueue({ key, kind, entries }: QueueRecord): void {
    this.holdsQueues = true;
    const queue = { key: bytesOf(key), kind, isShared: false };
    const gathered = this.#entriesOf(queue);
    for (const entry of entries) {
      const element = bytesOf(entry.element);
      const at = kind === 'hash' ? bytesOf(entry.at) : entry.at;
      gathered.push({ element, at, tasks: tasksNamedIn(queue, element, at), isSettled: true });
    }
  }

  /** All queues, those of the broker last: a worker that takes a message expects its task. */
  queues(): { queue: Queue; entries: QueueEntry[] }[] {
    return Array.from(this.#queues.values(), ({ queue, entries }) => ({
      queue,
      entries: numbered(queue.kind === 'list' ? inPositions(entries) : entries),
    })).toSorted((one, other) => Number(isOfBroker(one.queue.key)) - Number(isOfBroker(other.queue.key)));
  }

  #entriesOf(queue: Queue): Gathered[] {
    const name = queue.key.toString('latin1');
    const gathered = this.#queues.get(name) ?? { queue, entries: [] };
    this.#queues.set(name, gathered);
    return gathered.entries;
  }
}

/** The tasks that an entry of a whole queue names. */
function tasksNamedIn({ key, kind }: Queue, element: Buffer, at: Argument): NamedTask[] | undefined {
  if (!isOfBroker(key)) return [{ key: taskKeyOf(element), isCertain: true }];
  if (kind === 'zset') return [];
  const message = kind === 'hash' ? readUnackedMessage(at.toString()) : readQueuedMessage(element.toString());
  if (message.kind === 'opaque' || message.kind === 'unreadable') return undefined;
  if (message.kind === 'not-celery') return [];
  return message.mentioned.map((text) => ({ key: taskKeyOf(Buffer.from(text)), isCertain: false }));
}

function isOfBroker(key: Buffer): boolean {
  const kind = kindOfKey(key.toString('latin1'));
  return kind === undefined || kind.startsWith('broker-');
}

// The objects below are written out: with a spread, V8 would make a hidden class for each.

/** In ascending positions, each position once. If an entry is not settled, those behind it move up. */
function inPositions(entries: readonly Gathered[]): Gathered[] {
  const sorted = entries.toSorted((a, b) => Number(a.at) - Number(b.at));
  const once = sorted.filter(({ at }, i) => at !== sorted[i - 1]?.at);
  let away = 0;
  return once.flatMap(({ element, at, tasks, isSettled }) => {
    if (isSettled) return [{ element, at: String(Number(at) - away), tasks, isSettled }];
    away++;
    return [];
  });
}

function numbered(entries: readonly Gathered[]): QueueEntry[] {
  const times = new Map<string, number>();
  return entries.map(({ element, at, tasks }) => {
    const name = element.toString('latin1');
    const number = (times.get(name) ?? 0) + 1;
    times.set(name, number);
    return { element, at, number, tasks };
  });
}

const taskKeyOf = (id: Buffer) => Buffer.concat([Buffer.from(TASK_KEY_PREFIX), id]);
const bytesOf = (base64: string) => Buffer.from(base64, 'base64');
