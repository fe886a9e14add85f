import { AtfError, StoppedError } from '../errors.js';
import { plainText } from '../model/plain-text.js';

/** String with a TTL: who works on the data just now, and since when. Absent when nobody does. */
export const MAINTENANCE_LOCK_KEY = 'atf:maintenance-lock';

/** The value of a lock that is gone. */
const NOBODY = 'nobody any more';

/** Describes who holds the lock, from its value. Anybody may have written that value. */
export function holderText(value: unknown): string {
  const text = String(value ?? NOBODY);
  return plainText(toolIn(text) ?? text, 200);
}

/** The tool that wrote this into the lock. Undefined if no tool wrote it. */
function toolIn(text: string): string | undefined {
  try {
    const { tool, host, since } = JSON.parse(text);
    return tool && host && since ? `${tool} on ${host} since ${since}` : undefined;
  } catch {
    return undefined;
  }
}

/** The refusal if somebody else still holds the lock after `waitedMs`. */
export function lockedBy(value: unknown, waitedMs = 0): AtfError {
  const after = waitedMs > 0 ? `, after ${waitedMs / 1_000} s of --wait` : '';
  const wait = waitedMs > 0 ? 'let it wait longer' : 'let it wait with --wait 5m';
  return new AtfError('LOCKED', 'another tool is at work on this data', {
    why: `the lock ${MAINTENANCE_LOCK_KEY} is held by ${holderText(value)}${after}`,
    hint: isOfTool(value)
      ? `Run it again when that has ended, or ${wait}; a lock that was left behind expires within 30 s.`
      : `That is no lock of these tools, which go by themselves: if nobody uses it, delete it (DEL ${MAINTENANCE_LOCK_KEY}).`,
  });
}

/** The end of a run that was stopped while it waited for the lock: it says who holds the lock. */
export function stoppedWhileWaiting(reason: unknown, value: unknown): unknown {
  if (!(reason instanceof StoppedError)) return reason;
  const why = `it was waiting for the lock ${MAINTENANCE_LOCK_KEY}, which is held by ${holderText(value)}`;
  return new StoppedError(reason.reason, { why });
}

const isOfTool = (value: unknown) => {
  const text = String(value ?? NOBODY);
  return text === NOBODY || toolIn(text) !== undefined;
};

/** Why a write was refused. The server's error `LOCKLOST` repeats the value of the lock. */
export function lockLostText(reply: string): string {
  const value = reply.replace(/^LOCKLOST /, '').replace(/ script: \w+, on .*$/s, '');
  return value === 'nobody'
    ? 'the maintenance lock expired, because Redis or this program was suspended for 30 s, or it was deleted'
    : `the maintenance lock went to another tool meanwhile: ${holderText(value)}`;
}
