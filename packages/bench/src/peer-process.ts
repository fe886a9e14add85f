import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PEERS = fileURLToPath(new URL('./peers/', import.meta.url));

/** A program of the folder `peers` that runs until it is stopped. */
export interface PeerProcess {
  /** What it printed when it was ready. */
  readonly firstLine: string;
  stop(): Promise<void>;
}

/** Starts one; resolves when it is ready. @throws Error if it ends before */
export async function startPeer(file: string, args: readonly (string | number)[]): Promise<PeerProcess> {
  const child = spawn(process.execPath, [`${PEERS}${file}`, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (value === undefined) throw new Error(`${file} ended at once`);
  return {
    firstLine: value,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
