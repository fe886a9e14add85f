import { countStates, readCounters, type StateCounts } from '../count-states.js';
import { STATES, type State, taskKey } from '../keys.js';
import { loadRecording, RECORDING } from '../recording.js';
import type { SandboxClient } from '../redis-client.js';
import { type SandboxRedis, startRedis } from '../redis-server.js';
import { print } from './print.js';
import { runToolFromSource } from './tool-from-source.js';

/** Runs the tool with these flags; resolves to its exit code. */
export type RunTool = (args: readonly string[]) => Promise<number | string>;

/**
 * Shows, on a recording of a real system, a drifted counter found, repaired, and found right. Resolves to exit code 0 where
 * each step went as it should, else to 1. Takes a few seconds.
 */
export async function demo(runTool: RunTool = (args) => runToolFromSource('fix-counter-sync', args)) {
  const redis = await startRedis();
  try {
    return await show(redis, runTool);
  } finally {
    await redis.stop();
  }
}

async function show(redis: SandboxRedis, runTool: RunTool): Promise<number> {
  const client = await redis.client();
  const failures: string[] = [];
  const step = async (title: string, flags: readonly string[], [expected, meaning]: [number, string]) => {
    print(
      '',
      `── ${title}`,
      `$ npm run fix-counter-sync -- ${['--redis-url', redis.url, ...flags].join(' ')}`,
      '',
    );
    const code = await runTool(['--redis-url', redis.url, ...flags]);
    const right = code === expected;
    if (!right) failures.push(`${title}: exit code ${code} instead of ${expected}`);
    print('', right ? `Exit code ${code}: ${meaning}.` : `Exit code ${code}, but ${expected} was expected.`);
  };

  print('── A real AsyncTaskFlow', `A Redis of our own is running at ${redis.url}.`);
  await loadRecording(client);
  print(`It holds the recording of a real system: ${RECORDING.tasks} tasks, three of them ACTIVE.`);
  await client.del(RECORDING.stuckActive.map(taskKey));
  print('', '── What goes wrong', ...STORY);
  const before = await showCounters(client);
  if (before !== 1) failures.push(`${before} counters were wrong at the start instead of 1`);

  await step('What a monitor sees', ['--check'], [1, 'something is wrong, and nothing was written']);
  await step('The repair', [], [0, 'done']);
  await step('What the monitor sees now', ['--check'], [0, 'nothing is wrong any more']);

  print('', '── Counted once more, by hand');
  const after = await showCounters(client);
  if (after !== 0) failures.push(`${after} counters are still wrong`);
  print('', ...(failures.length === 0 ? [SUCCESS] : ['The demo FAILED:', ...failures]));
  return failures.length === 0 ? 0 : 1;
}

const STORY = [
  'Their three workers were killed (out of memory). Somebody deleted the three tasks by hand, straight in Redis,',
  'so the counter was not updated: the dashboard still shows 3 active tasks, although there are none.',
];

const SUCCESS =
  'The drift was repaired: the counter of active tasks went from 3 to 0, and every counter equals its tasks.';

/** Prints each counter as it stands next to the tasks counted one by one; gives the number of counters that differ. */
async function showCounters(client: SandboxClient): Promise<number> {
  const [counters, { states }] = [await readCounters(client), await countStates(client)];
  const rows = STATES.map((state) => counterRow(state, counters[state], states));
  print('', '   state      counter in Redis   tasks counted by hand', ...rows.map(({ line }) => line));
  return rows.filter(({ wrong }) => wrong).length;
}

function counterRow(state: State, counter: string | null, states: StateCounts['states']) {
  const wrong = (counter ?? '0') !== String(states[state]);
  const columns = [state.padEnd(10), (counter ?? 'none').padStart(16), String(states[state]).padStart(23)];
  return { wrong, line: `   ${columns.join(' ')}${wrong ? '   ← wrong' : ''}` };
}
