import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const FRAME = readFileSync(new URL('./timed-script.lua', import.meta.url), 'utf8');
const measuring = new AsyncLocalStorage<{ ms: number | undefined }>();
const timedScripts = new WeakMap<object, object>();

/** A script, see `script.ts`. */
interface Source {
  readonly source: string;
  readonly sha1: string;
}

/**
 * Makes a call and measures how long the server worked on its scripts. Unlike a round trip, that does not depend on the
 * network. `ms` is undefined if the call ran no script, or if the server cannot tell (Redis 7.2.0 to 7.2.4).
 * Cost: two TIME inside each script.
 */
export async function measureServerTime<Reply>(
  call: () => Promise<Reply>,
): Promise<{ reply: Reply; ms: number | undefined }> {
  const measured = { ms: undefined as number | undefined };
  const reply = await measuring.run(measured, call);
  return { reply, ms: measured.ms };
}

/** What a running measurement needs of a script; undefined if nobody measures. */
export function currentMeasurement<Script extends Source>(
  script: Script,
): { timed: Script; replyOf<Reply>(timedReply: readonly [number, Reply?]): Reply } | undefined {
  const measured = measuring.getStore();
  if (!measured) return undefined;
  return {
    timed: timedScript(script),
    replyOf([microseconds, reply]) {
      if (microseconds >= 0) measured.ms = (measured.ms ?? 0) + microseconds / 1_000;
      return (reply ?? null) as never;
    },
  };
}

function timedScript<Script extends Source>(script: Script): Script {
  const known = timedScripts.get(script);
  if (known) return known as Script;
  const source = FRAME.replace('--- @script', () => script.source);
  const timed = { ...script, source, sha1: createHash('sha1').update(source).digest('hex') };
  timedScripts.set(script, timed);
  return timed;
}
