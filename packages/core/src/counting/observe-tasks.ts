import { KeyPage } from '../redis/key-page.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import { codesOfLetters, type ObservedTasks } from './observed-state.js';
import { COUNTER_KEYS, type CounterReply } from './snapshot.js';
import type { TrackingConnection } from './tracking-connection.js';

const OBSERVE_TASKS = loadReadingScript(import.meta.url, './observe-tasks.lua');

/** Keys in one call, and bytes of their names. A call blocks other clients for about 2 ms. */
export const BATCH = 500;
const BATCH_BYTES = 256 * 1024;

type Reply = [CounterReply[], Buffer, Buffer[], number[], number];

/** Some tasks and the state counters, as one script read them at one moment. */
export interface Observation {
  counters: readonly CounterReply[];
  tasks: ObservedTasks;
  /** The code of each task, by its key in latin1. */
  codeByKey: ReadonlyMap<string, number>;
  /** When a task expires, by its key, in ms of the server's clock. Other tasks have no entry. */
  expiryByKey: ReadonlyMap<string, number>;
  /** The server's clock at that moment, in ms. */
  time: number;
  /** The positions of the script's reply and of the fence among the names of changed tasks: see `ChangedTasks`. */
  repliedAt: number;
  fencedAt: number;
  /** True if these are all tasks that had to be read. */
  hasReadAll: boolean;
  /** True if the server has named all tasks that changed before that moment. Only such a moment can be a snapshot's. */
  isFenced: boolean;
}

/**
 * Reads tasks that must be read, as many as fit into one call, and the state counters at the same moment. With a fence, it
 * also waits until the server has named all tasks that changed before that. Cost: one round trip. A fence adds three commands, and
 * about 4 ms.
 */
export async function observeTasks(
  connection: TrackingConnection,
  { withFence }: { withFence: boolean },
): Promise<Observation> {
  const { client, changed } = connection;
  const names = changed.takeUnread(BATCH, BATCH_BYTES);
  const hasReadAll = changed.unreadCount === 0;
  const keys = names.map((name) => Buffer.from(name, 'latin1'));
  let repliedAt: number | undefined;
  const onReply = () => {
    repliedAt ??= changed.position;
  };
  const running = runScript<Reply>(client, OBSERVE_TASKS, { keys: COUNTER_KEYS, args: keys, onReply });
  // If the server does not know the script, it is sent again: behind the fence. Such an observation is not fenced.
  let isFenced = false;
  const fence = async () => {
    const position = await connection.fence();
    isFenced = repliedAt !== undefined;
    return position;
  };
  const [reply, fencedAt] = await Promise.all([running, withFence ? fence() : undefined]);
  const [counters, letters, labels, expiries, time] = reply;
  if (repliedAt === undefined) throw new Error('the client decoded a reply without a notice');
  const codes = codesOfLetters(letters);
  return {
    counters,
    tasks: { keys: new KeyPage(keys, keys.length), codes, labels },
    codeByKey: new Map(names.map((name, i) => [name, codes[i]!])),
    expiryByKey: new Map(pairsOf(expiries).map(([index, expiresAt]) => [names[index]!, expiresAt])),
    time,
    repliedAt,
    fencedAt: fencedAt ?? repliedAt,
    hasReadAll,
    isFenced,
  };
}

/** Pairs of numbers that a script returns one behind the other. */
export function pairsOf(numbers: readonly number[]): [number, number][] {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[i * 2]!, numbers[i * 2 + 1]!]);
}
