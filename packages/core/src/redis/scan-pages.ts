import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from './client.js';
import type { Pace } from './pace.js';
import { Pacer, type PacerTime } from './pacer.js';
import { type Argument, runScript, type Script } from './script.js';

export interface ScanOptions {
  /** COUNT of a page at full pace: how many keys of any name it looks at. */
  count: number;
  /** Absent: `auto`, each page is as large as the server can do without others noticing. */
  pace?: Pace | undefined;
  /** What the script takes after cursor and COUNT; a function is asked anew for each page. */
  args?: readonly Argument[] | (() => readonly Argument[]);
  signal: AbortSignal;
  /** What `pace` measures by. Absent: the real time. */
  time?: PacerTime | undefined;
}

/**
 * Walks a database by a script that does one SCAN: it takes cursor and COUNT, and returns the next cursor and what it
 * found, which is handed out. A page is asked for before the one before it is handed out, so that the server and this
 * program work at the same time. As SCAN has it, a key may come twice, and pages may be empty. Cost: one call a page, and a PING.
 */
export async function* scanPages<Found extends unknown[]>(
  client: Redis,
  script: Script,
  { count, pace, args = [], signal, time }: ScanOptions,
): AsyncGenerator<Found> {
  const pacer = new Pacer(client, { pace, size: count, first: Math.ceil(count / 2), time });
  const page = (cursor: string) =>
    pacer.run((size) =>
      runScript<[Buffer, ...Found]>(client, script, { args: [cursor, String(size), ...argumentsOf(args)] }),
    );
  let reply = await page('0');
  for (;;) {
    signal.throwIfAborted();
    const [cursor, ...found] = reply;
    const next = cursor.equals(END) ? undefined : page(cursor.toString());
    next?.catch(() => {}); // awaited below, unless the consumer has stopped by then
    await nextTurn(); // the client writes only then: the server would idle while the consumer works
    yield found;
    if (!next) return;
    reply = await next;
  }
}

const END = Buffer.from('0');

function argumentsOf(args: NonNullable<ScanOptions['args']>): readonly Argument[] {
  return typeof args === 'function' ? args() : args;
}
