import type { Deps } from '../deps.js';
import { AtfError, type ErrorCode, StoppedError, type StopReason } from '../errors.js';
import { parseRedisUrl } from '../redis/redis-url.js';
import type { ReplicaConfirmation } from '../redis/replica-confirmation.js';
import type { Target } from '../redis/target.js';
import type { TargetDescription } from '../redis/target-schema.js';
import type { Outcome } from '../report/report.js';
import type { Arguments } from './arguments.js';
import { confirm } from './confirm.js';
import { limitV8Heap } from './limit-v8-heap.js';
import { type ProgressView, progressView } from './progress.js';
import { listenForStop, type Stop } from './stop.js';
import type { Tool, ToolWork } from './tool.js';

/** How a run ended, and how to render its result. */
export interface Ending<Result> {
  outcome: Outcome;
  stopReason?: StopReason;
  target?: TargetDescription;
  replicaConfirmation?: ReplicaConfirmation;
  result?: Result;
  error?: AtfError;
  render?: ToolWork<never, Result>['render'];
  metrics?: ToolWork<never, Result>['metrics'];
}

/** Connects, does the tool's work, and closes. Never throws: a failure is an ending too. */
export async function runWork<O, R>(tool: Tool<O, R>, args: Arguments): Promise<Ending<R>> {
  const stop = listenForStop(args.maxRuntimeMs);
  const progress = progressView(args.quiet ? { write: () => {} } : process.stderr);
  let target: TargetDescription | undefined;
  let replicaConfirmation: ReplicaConfirmation = 'not-needed';
  try {
    target = parseRedisUrl(args.redisUrl).description;
    const options = { ...tool.options(args.flags), dryRun: args.mode !== 'repair' };
    const [redis, { work, render, metrics }] = await Promise.all([
      import('../redis/lazy-connect.js'),
      tool.load(),
    ]);
    const connected = await redis.connectTarget(args.redisUrl, {
      name: `atf:${tool.name}`,
      signal: stop.signal,
      primaryOnly: args.mode === 'repair',
      sentinelLogin: args.sentinelLogin,
    });
    target = connected.description;
    limitV8Heap();
    stop.onOverdue(() => redis.closeTarget(connected));
    try {
      const deps: Deps = {
        ...depsFor(connected, args, { stop, progress }),
        replicaConfirmation: (state) => {
          replicaConfirmation = state;
        },
      };
      const { outcome, result } = await work(deps, options);
      const stopped = outcome === 'stopped' ? stoppedEnding(stop.signal.reason) : {};
      // A run without changes may have asked for the confirmation all the same.
      if (outcome === 'clean') replicaConfirmation = 'not-needed';
      return { outcome, target, replicaConfirmation, result, render, metrics, ...stopped };
    } catch (error) {
      throw redis.failureOf(error, connected);
    } finally {
      redis.closeTarget(connected);
    }
  } catch (error) {
    const ending = stop.signal.aborted ? stoppedEnding(stop.signal.reason, error) : failedEnding(error);
    return target ? { ...ending, target, replicaConfirmation } : ending;
  } finally {
    progress.clear();
    stop.dispose();
  }
}

function depsFor(
  target: Target,
  { pace, lockWaitMs, sentinelLogin, flags }: Arguments,
  { stop: { signal }, progress }: { stop: Stop; progress: ProgressView },
): Deps {
  return {
    target,
    now: () => new Date(),
    progress: progress.update,
    scanned: progress.scanned,
    async confirm(lines) {
      if (flags.yes === true) return;
      progress.clear();
      await confirm(lines, { input: process.stdin, output: process.stderr, signal });
    },
    pace,
    signal,
    lockWaitMs,
    sentinelLogin,
  };
}

/** The ending of a run that was stopped. Any other error is a consequence of the stop. It only adds what the run had written. */
function stoppedEnding(reason: StoppedError, error?: unknown): Ending<never> {
  const stopped = error instanceof StoppedError ? error : reason;
  if (error instanceof AtfError) stopped.done ??= error.done;
  return { outcome: 'stopped', stopReason: stopped.reason, error: stopped };
}

const REFUSALS: ReadonlySet<ErrorCode> = new Set(['NOT_CONFIRMED', 'GUARD', 'LOCKED', 'UNSTABLE']);

/** The ending of a run that failed or was refused. */
export function failedEnding(error: unknown): Ending<never> {
  const known = error instanceof AtfError ? error : unexpected(error);
  return { outcome: REFUSALS.has(known.code) ? 'refused' : 'failed', error: known };
}

function unexpected(error: unknown): AtfError {
  const why = error instanceof Error ? error.message : String(error);
  return new AtfError('INTERNAL', 'unexpected error', {
    why,
    hint: 'Run it again with DEBUG=atf and report the stack.',
    cause: error,
  });
}
