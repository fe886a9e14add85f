import yargs from 'yargs';
import { FAULTS } from '../seeding/seed-options.js';
import type { ExactnessFlags } from './exactness.js';
import type { ServeFlags } from './serve.js';

export interface SandboxCommands {
  /** Resolves to the exit code. */
  demo(): Promise<number>;
  serve(flags: ServeFlags): Promise<number>;
  exactness(flags: ExactnessFlags): Promise<number>;
}

/** Parses the command line and runs its command; resolves to the exit code, 2 for a usage error. */
export async function runSandboxCli(argv: readonly string[], commands: SandboxCommands): Promise<number> {
  try {
    return await parseAndRun(argv, commands);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`${error.message}\nSee --help.\n`);
    return 2;
  }
}

const NUMBERS = ['port', 'tasks', 'seed', 'content-bytes', 'foreign-keys', 'writers', 'rate', 'runs'];
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** Throws a RangeError for a usage error. */
async function parseAndRun(argv: readonly string[], commands: SandboxCommands): Promise<number> {
  let exitCode = 0;
  await yargs(argv)
    .scriptName('sandbox')
    .usage('$0 <command>: a Redis of its own with an AsyncTaskFlow in it')
    .command(
      'demo',
      'Shows a drifted counter found and repaired, on a recording of a real system',
      {},
      async () => {
        exitCode = await commands.demo();
      },
    )
    .command(
      'serve',
      'Starts a Redis, fills it and leaves it running until Ctrl-C',
      (builder) =>
        builder.options({
          port: { type: 'number', default: 0, describe: 'Port on 127.0.0.1; 0 takes a free one' },
          password: { type: 'string', describe: 'Asks clients for this password' },
          tasks: { type: 'number', describe: 'Healthy tasks to seed [default: 1000; with --recording 0]' },
          seed: { type: 'number', default: 1, describe: 'The same seed writes the same tasks' },
          'content-bytes': { type: 'number', describe: 'Length of each content [default: about 60]' },
          fault: {
            type: 'string',
            array: true,
            default: [] as string[],
            describe: `NAME or NAME=COUNT of: ${[...FAULTS, 'counterDrift', 'celeryMeta'].join(', ')}`,
          },
          'foreign-keys': { type: 'number', default: 0, describe: 'Keys of other programs' },
          counters: { type: 'boolean', default: true, describe: 'State counters; --no-counters for none' },
          recording: { type: 'boolean', default: false, describe: 'Loads the recording of a real system' },
          traffic: { type: 'boolean', default: false, describe: 'Lets workers go on changing tasks' },
          writers: { type: 'number', default: 4, describe: 'Writers of the traffic' },
          rate: {
            type: 'number',
            default: 100,
            describe: 'Transitions a second of the traffic; 0: no limit',
          },
        }),
      async (flags) => {
        exitCode = await commands.serve(flags);
      },
    )
    .command(
      'exactness',
      'Runs a counter tool under traffic, again and again, and counts by hand after each run',
      (builder) =>
        builder.options({
          tool: {
            choices: ['fix-counter-sync', 'initialize-counters'] as const,
            default: 'fix-counter-sync' as const,
            describe: 'The tool to run',
          },
          tasks: { type: 'number', default: 200_000, describe: 'Tasks to seed' },
          runs: { type: 'number', default: 20, describe: 'How often' },
          writers: { type: 'number', default: 8, describe: 'Writers of the traffic' },
          rate: { type: 'number', default: 0, describe: 'Transitions a second of the traffic; 0: no limit' },
          seed: {
            type: 'number',
            default: 1,
            describe: 'The same seed: the same tasks and the same traffic',
          },
        }),
      async (flags) => {
        exitCode = await commands.exactness(flags);
      },
    )
    .example('$0 serve --tasks 1000 --fault stuckActive=3 --fault counterDrift', 'A system with two faults')
    .example('$0 serve --recording --traffic', 'The recorded system, with workers going on')
    .check((flags) => {
      const wrong = NUMBERS.find((name) => flags[name] !== undefined && !isCount(flags[name]));
      if (wrong) throw new RangeError(`--${wrong} is no whole number from 0 on`);
      return true;
    })
    .demandCommand(1, 'Name a command: demo, serve or exactness')
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new RangeError(message);
    })
    .parseAsync();
  return exitCode;
}
