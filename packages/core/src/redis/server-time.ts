import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const FRAME = readFileSync(new URL('./timed-script.lua', import.meta.url), 'utf8');
const timedScripts = new WeakMap<object, object>();

/** A script, see `lua-script.ts`. */
interface Source {
  readonly source: string;
  readonly sha1: string;
}

/**
 * Adds up how long the server works on the scripts that are run with this timer. Unlike a round trip, that does not depend on the
 * network. Cost: two TIME inside each script.
 */
export class ServerTimer {
  /** Undefined if no script was run, or if the server cannot tell (Redis 7.2.0 to 7.2.4). */
  ms: number | undefined;

  /** What to run in place of a script. */
  timed<Script extends Source>(script: Script): Script {
    const known = timedScripts.get(script);
    if (known) return known as Script;
    const source = FRAME.replace('--- @script', () => script.source);
    const timed = { ...script, source, sha1: createHash('sha1').update(source).digest('hex') };
    timedScripts.set(script, timed);
    return timed;
  }

  /** Adds the time in the reply of a timed script, and returns the script's own reply. */
  replyOf<Reply>([microseconds, reply]: readonly [number, Reply?]): Reply {
    if (microseconds >= 0) this.ms = (this.ms ?? 0) + microseconds / 1_000;
    return (reply ?? null) as Reply;
  }
}
