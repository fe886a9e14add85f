import type { ProgressUpdate } from '../deps.js';

export interface ProgressStream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows progress, and removes its line before other output. */
export interface ProgressView {
  update(update: ProgressUpdate): void;
  clear(): void;
}

const TERMINAL_EVERY_MS = 100;
const LINE_EVERY_MS = 5_000;

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
  return {
    update(update) {
      if (now() - last < every) return;
      last = now();
      drawn = terminal;
      stream.write(terminal ? `\r\u001b[K${textOf(update)}` : `${textOf(update)}\n`);
    },
    clear() {
      if (drawn) stream.write('\r\u001b[K');
      drawn = false;
    },
  };
}

function textOf({ what, done, total, unit }: ProgressUpdate): string {
  const count = done.toLocaleString('en');
  const all = total === undefined ? count : `${count} of ${total.toLocaleString('en')}`;
  return `${what}: ${all}${unit ? ` ${unit}` : ''} …`;
}
