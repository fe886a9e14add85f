import type { Deps } from '../deps.js';
import { AtfError } from '../errors.js';
import { ageOfBeat, isFresh } from '../model/heartbeats.js';
import { keyName } from '../model/key-name.js';
import { plainText } from '../model/plain-text.js';
import { loadReadingScript, runScript } from '../redis/script.js';
import type { Workers } from './workers-schema.js';

const SCAN_HEARTBEATS = loadReadingScript(import.meta.url, './scan-heartbeats.lua');
const PREFIX = 'worker:heartbeat:';

/** Keys of any name that one page looks at. Blocks other clients for less than 1 ms, because few are heartbeats. */
const PAGE = 2_000;
/** How many workers are named. */
const NAMED = 100;

/** Finds all heartbeats and judges each. Cost: one call for 2,000 keys of the database. */
export async function findWorkers({ target, signal, now }: Deps): Promise<Workers> {
  const found = new Map<string, Workers['named'][number]>();
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const [next, keys, values, left] = await runScript<[Buffer, Buffer[], Buffer[], number[]]>(
      target.client,
      SCAN_HEARTBEATS,
      { args: [cursor, String(PAGE), `${PREFIX}*`] },
    );
    cursor = next.toString();
    keys.forEach((key, i) => {
      const heartbeat = { value: values[i]!.toString('latin1'), expiresInMs: left[i]! };
      const age = ageOfBeat(heartbeat, now());
      found.set(key.toString('latin1'), {
        id: keyName(key.subarray(PREFIX.length)),
        live: isFresh(heartbeat, now()),
        ageSeconds: age === null ? null : Math.round(age / 1000),
      });
    });
  } while (cursor !== '0');
  const workers = [...found.values()];
  const live = workers.filter((worker) => worker.live);
  const stale = workers.filter((worker) => !worker.live);
  return { live: live.length, stale: stale.length, named: [...live, ...stale].slice(0, NAMED) };
}

/** Refuses if a worker is alive. @throws AtfError `GUARD` */
export function refuseWhileAlive({ live, named }: Workers): void {
  if (live === 0) return;
  const names = named
    .slice(0, 3)
    .map(({ id, ageSeconds }) => `${plainText(id, 60)} (${ageText(ageSeconds)})`);
  throw new AtfError('GUARD', `${live} ${live === 1 ? 'worker is' : 'workers are'} alive`, {
    why: `a heartbeat is fresh: ${names.join(', ')}${live > names.length ? ', …' : ''}`,
    hint: 'Stop the workers and wait 90 s, or give --force.',
  });
}

/** How long ago a heartbeat was, in words. */
export function ageText(seconds: number | null): string {
  return seconds === null ? 'unreadable beat' : `${Math.max(0, seconds)} s ago`;
}
