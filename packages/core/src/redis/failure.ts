import { isNativeError } from 'node:util/types';
import { AtfError, type ErrorCode } from '../errors.js';
import { isNothing } from '../work-done.js';
import type { WorkDone } from '../work-done-schema.js';
import { isErrorReply } from './client.js';
import { plainReply, purposeIn } from './command-purpose.js';
import { CONNECTION_ERRORS, ERROR_REPLIES, FAILED } from './known-failures.js';
import { lockLostText } from './lock-holder.js';
import { describeTarget, type Target } from './target.js';

/**
 * Turns whatever was thrown into a failure that people understand: what failed, on which target, why, what to do.
 * An AtfError stays itself, and gains `done` if it has none yet. No password can be in the result.
 * `done` is what had been written by then: a command that the server refused adds nothing to it.
 */
export function failureOf(error: unknown, target: Target | string, done?: WorkDone): AtfError {
  const name = typeof target === 'string' ? target : describeTarget(target.description);
  const failure = error instanceof AtfError ? error : explain(withoutArguments(error), name);
  const written = done && isRefusal(error) ? { ...done, unconfirmed: 0 } : done;
  if (written && !isNothing(written)) failure.done ??= written;
  return failure;
}

/** True if the server refused a command before it did any part of it: nothing was written. */
export function isRefusal(error: unknown): boolean {
  return isErrorReply(error) && ERROR_REPLIES.some(({ pattern }) => pattern.test(beginningOf(error.message)));
}

/** A server that does not know a command repeats its arguments, and those of HELLO hold the password. */
function withoutArguments(error: unknown): unknown {
  if (!isErrorReply(error)) return error;
  const [, before] = /^(.*?)[,.]? with args beginning with/s.exec(error.message) ?? [];
  if (before === undefined) return error;
  // Message and stack of the original are kept nowhere.
  return Object.setPrototypeOf(new Error(before), Object.getPrototypeOf(error));
}

/** Redis 6 puts words of its own before an error that a script ended with. */
const beginningOf = (text: string) =>
  text.replace(/^ERR Error running script \(.*?\): (@user_script:\s?\d+: )*-?/s, '');

function explain(cause: unknown, name: string): AtfError {
  const text = isNativeError(cause) ? cause.message : String(cause);
  const reply = isErrorReply(cause);
  const marks = reply ? beginningOf(text) : marksOf(cause);
  const known = (reply ? ERROR_REPLIES : CONNECTION_ERRORS).find(({ pattern }) => pattern.test(marks));
  if (known) {
    const { code, why, hint } = known;
    return new AtfError(code, `${FAILED[code]} ${name}`, { why: why || whyOf(code, text), hint, cause });
  }
  if (reply && !LUA_ERROR.test(text)) {
    const details = { why: plainReply(text), hint: 'See the log of the server.', cause };
    return new AtfError('SERVER', `${FAILED.SERVER} ${name}`, details);
  }
  return new AtfError('INTERNAL', `unexpected error with ${name}`, {
    why: reply ? 'a script failed on the server' : text,
    hint: 'Run it again with DEBUG=atf and report the stack.',
    cause,
  });
}

/** The reason of a failure whose words depend on the server's. */
function whyOf(code: ErrorCode, text: string): string {
  if (code === 'LOCKED') return lockLostText(text);
  const reason = plainReply(text);
  return `${reason}${purposeIn(reason)}`;
}

/** An error of a script itself, not of a command in it: a bug. */
const LUA_ERROR = /(?<!@)\buser_script:\d+: /;

/** System call, code and class of an error and of what lies beneath it, such as the tries of a host with two addresses. */
function marksOf(error: unknown): string {
  if (!isNativeError(error)) return '';
  const { syscall, code, errors = [] } = error as NodeJS.ErrnoException & Partial<AggregateError>;
  return [syscall, code, error.constructor.name, ...errors.map(marksOf), marksOf(error.cause)]
    .filter(Boolean)
    .join(' ');
}
