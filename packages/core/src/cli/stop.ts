import { StoppedError, type StopReason } from '../errors.js';

/** Time for the running step to end by itself. After that its connection is cut. */
const GRACE_MS: Record<StopReason, number> = { SIGHUP: 700, SIGINT: 700, SIGTERM: 700, MAX_RUNTIME: 5_000 };

/** A signal this soon after the first is a repetition: npm passes on a Ctrl-C again, and a closing terminal may send two kinds. */
const REPEATED_MS = 2_000;

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
    if (controller.signal.aborted) return reason === 'MAX_RUNTIME' ? undefined : cut();
    controller.abort(new StoppedError(reason));
    timers.push(setTimeout(() => cut(), GRACE_MS[reason]));
  };
  let firstSignalAt: number | undefined;
  const onSignal = (signal: (typeof SIGNALS)[number]) => {
    if (firstSignalAt !== undefined && performance.now() - firstSignalAt < REPEATED_MS) return;
    firstSignalAt ??= performance.now();
    stop(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  if (maxRuntimeMs !== undefined)
    timers.push(setTimeout(() => stop('MAX_RUNTIME'), Math.min(maxRuntimeMs, 2 ** 31 - 1)));
  return {
    signal: controller.signal,
    onOverdue(action) {
      cut = action;
    },
    dispose() {
      for (const timer of timers) clearTimeout(timer);
      const leave = () => {
        for (const signal of SIGNALS) process.off(signal, onSignal);
      };
      // Without a listener, the repeated signal would end the process before its report is printed.
      if (firstSignalAt === undefined) leave();
      else setTimeout(leave, REPEATED_MS).unref();
    },
  };
}
