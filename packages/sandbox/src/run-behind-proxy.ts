import { startProxy } from './proxy/start-proxy.js';
import type { Treatment } from './proxy/treatment.js';
import { type BinRun, type RunBinOptions, type StartedBin, startBin } from './run-bin.js';

export interface Moment {
  /** The Redis that the tool works on. */
  url: string;
  /** Name of a command, such as `EVALSHA`, and which of its calls it is, from 1. */
  command: string;
  number: number;
  /** What happens then; its result decides what becomes of the call. */
  act(started: StartedBin): Treatment | Promise<Treatment>;
}

/**
 * Runs a tool's bin, and makes something happen at a call of it: the call waits meanwhile, so that the order of events does not
 * depend on the machine. Throws if the run ends before that call. `url` of the result is the one that the tool was given.
 */
export async function runBinUntil(
  name: string,
  { url, command, number, act }: Moment,
  { args = [], ...options }: RunBinOptions & { args?: readonly string[] } = {},
): Promise<BinRun & { url: string }> {
  let calls = 0;
  const proxy = await startProxy(url, {
    treat: (_, [word]) => (word === command && ++calls === number ? act(started) : 'pass'),
  });
  const started = startBin(name, [...args, '--redis-url', proxy.url], options);
  try {
    const run = await started.ended;
    if (calls < number) throw new Error(`${name} made ${calls} calls of ${command}:\n${run.stderr}`);
    return { ...run, url: proxy.url };
  } finally {
    await proxy.stop();
  }
}
