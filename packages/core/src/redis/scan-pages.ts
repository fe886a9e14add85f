import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from './client.js';
import type { Pace } from './pace.js';
import { Pacer, type PacerTime } from './pacer.js';
import { scanFraction } from './scan-fraction.js';
import { type Argument, runScript, type Script } from './script.js';

export interface ScanOptions {
  /** COUNT of a page at full pace: how many keys of any name SCAN looks at. */
  count: number;
  /** Absent: `auto`. Then a page is as large as possible without other clients noticing. */
  pace?: Pace | undefined;
  /** The script's arguments after cursor and COUNT. A function is called for each page. */
  args?: readonly Argument[] | (() => readonly Argument[]);
  signal: AbortSignal;
  /** Receives which part of the key table is covered. */
  scanned?: ((fraction: number) => void) | undefined;
  /** How `pace` measures and waits. Absent: the server's own time, and real waiting. */
  time?: PacerTime | undefined;
}

/**
 * Walks a database with a script that does one SCAN. The script takes a cursor and COUNT. It returns the next cursor and
 * what it found, which this generator yields. The next page is requested before the current one is yielded, so that the
 * server and this program work at the same time. As with SCAN, a key may come twice and a page may be empty.
 * Cost: one call per page.
 */
export async function* scanPages<Found extends unknown[]>(
  client: Redis,
  script: Script,
  { count, pace, args = [], signal, scanned, time }: ScanOptions,
): AsyncGenerator<Found> {
  const pacer = new Pacer({ pace, size: count, first: Math.ceil(count / 2), time });
  const page = (cursor: string) =>
    pacer.run((size, timer) => {
      const operands = { args: [cursor, String(size), ...argumentsOf(args)], timer };
      return runScript<[Buffer, ...Found]>(client, script, operands);
    });
  let reply = await page('0');
  for (;;) {
    signal.throwIfAborted();
    const [cursor, ...found] = reply;
    const next = cursor.equals(END) ? undefined : page(cursor.toString());
    next?.catch(() => {}); // It is awaited below, unless the consumer stops first.
    await nextTurn(); // The client writes in the next turn. Without this line, the server would wait for the consumer.
    scanned?.(scanFraction(cursor.toString()));
    yield found;
    if (!next) return;
    reply = await next;
  }
}

const END = Buffer.from('0');

function argumentsOf(args: NonNullable<ScanOptions['args']>): readonly Argument[] {
  return typeof args === 'function' ? args() : args;
}
