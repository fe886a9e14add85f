import { StoppedError, type StopReason } from '../errors.js';

/** Time for the running step to end by itself. After that its connection is cut. */
const GRACE_MS: Record<StopReason, number> = { SIGHUP: 700, SIGINT: 700, SIGTERM: 700, MAX_RUNTIME: 5_000 };

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** The end of a run before its work is done. */
export interface Stop {
  signal: AbortSignal;
  /** Calls `cut` if the running step does not end by itself. */
  onOverdue(cut: () => void): void;
  dispose(): void;
}

/** Listens for SIGHUP, SIGINT and SIGTERM, and for the end of --max-runtime, in milliseconds. */
export function listenForStop(maxRuntimeMs: number | undefined): Stop {
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let cut = () => {};
  const stop = (reason: StopReason) => {
    if (controller.signal.aborted) return cut();
    controller.abort(new StoppedError(reason));
    timers.push(setTimeout(() => cut(), GRACE_MS[reason]));
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  if (maxRuntimeMs !== undefined)
    timers.push(setTimeout(() => stop('MAX_RUNTIME'), Math.min(maxRuntimeMs, 2 ** 31 - 1)));
  return {
    signal: controller.signal,
    onOverdue(action) {
      cut = action;
    },
    dispose() {
      for (const signal of SIGNALS) process.off(signal, stop);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
