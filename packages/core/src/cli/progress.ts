import type { ProgressUpdate } from '../deps.js';

export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Shows progress, and removes its line before other output. */
export interface ProgressView {
  update(update: ProgressUpdate): void;
  /** Which part of the key table the running step has scanned. */
  scanned(fraction: number): void;
  clear(): void;
}

const TERMINAL_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;
/** Before that, a rate says nothing. */
const MIN_ELAPSED_MS = 1_000;

/**
 * Shows progress on stderr. A terminal gets one line that is overwritten. Anything else gets a plain line every five seconds, so
 * short work prints nothing.
 */
export function progressView(
  stream: ProgressStream,
  now: () => number = () => performance.now(),
): ProgressView {
  const terminal = stream.isTTY === true;
  const every = terminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS;
  let last = now();
  let drawn = false;
  let step: { name: string; startedAt: number; fraction?: number } | undefined;
  let scanned: number | undefined;
  return {
    update(update) {
      if (step?.name !== update.step) {
        if (scanned === 1) scanned = undefined; // the end of the scan before
        step = { name: update.step, startedAt: now() };
      }
      if (scanned !== undefined) step.fraction = scanned;
      scanned = undefined;
      if (now() - last < every) return;
      last = now();
      drawn = terminal;
      const text = progressText(update, now() - step.startedAt, step.fraction);
      // A line that the terminal wraps cannot be overwritten.
      stream.write(terminal ? `\r\u001b[K${text.slice(0, (stream.columns || 80) - 1)}` : `${text}\n`);
    },
    scanned(fraction) {
      scanned = fraction;
    },
    clear() {
      if (drawn) stream.write('\r\u001b[K');
      drawn = false;
    },
  };
}

/** Progress in words, after so many ms of its step. `scanned` is the part of the key table that was scanned. Pure. */
export function progressText(update: ProgressUpdate, elapsedMs: number, scanned?: number): string {
  const { what, done, total, unit } = update;
  const fraction = scanned ?? (total ? done / total : undefined);
  const all = total === undefined ? whole(done) : `${whole(done)} of ${whole(total)}`;
  if (unit) return `${what}: ${all} ${unit} …`;
  const isRateKnown = elapsedMs >= MIN_ELAPSED_MS && done > 0;
  const details = [
    ...(fraction === undefined ? [] : [`${Math.floor(Math.min(fraction, 1) * 100)} %`]),
    ...(isRateKnown ? [`${whole(Math.round(done / (elapsedMs / 1_000)))}/s`] : []),
    ...(isRateKnown && fraction
      ? [`${timeText((elapsedMs * (1 - Math.min(fraction, 1))) / fraction)} left`]
      : []),
  ];
  return `${what}: ${all}${details.length > 0 ? ` (${details.join(', ')})` : ''} …`;
}

const whole = (count: number) => count.toLocaleString('en');

function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
