import { PACES } from '../redis/pace.js';
import { DEFAULT_REDIS_URL } from '../redis/redis-url.js';
import type { FlagDefinition, Tool } from './tool.js';

/** The flags that every tool has. */
const COMMON_FLAGS = {
  'redis-url': {
    type: 'string',
    describe: `Redis to work on: redis://, rediss://, unix:// or redis+sentinel:// [default: $REDIS_URL, else ${DEFAULT_REDIS_URL}]`,
  },
  'dry-run': { type: 'boolean', describe: 'Decide and report, write nothing' },
  check: { type: 'boolean', describe: 'Like --dry-run, but exit with 1 if there is something to repair' },
  json: { type: 'boolean', describe: 'Print one JSON document, also on failure' },
  quiet: { type: 'boolean', describe: 'Print nothing if nothing was wrong and nothing was done' },
  'max-runtime': {
    type: 'string',
    describe: 'Stop cleanly after this time, such as 90s, 15m or 2h, and exit with 1',
  },
  wait: {
    type: 'string',
    describe: 'Wait this long, such as 30s or 5m, if another tool is at work, instead of exiting with 3',
  },
  'metrics-file': {
    type: 'string',
    describe: "Write the results to this file in Prometheus' text format",
  },
  pace: {
    choices: PACES,
    describe: 'auto: slow down if Redis gets slow; full: never slow down [default: auto]',
  },
  'no-color': { type: 'boolean', describe: 'No colour, as with NO_COLOR' },
} as const satisfies Record<string, FlagDefinition>;

/** The flags of tools that write. */
const WRITING_FLAGS = new Set(['dry-run', 'check', 'wait']);

/** Every flag of a tool except --help and --version. */
export function flagsOf<O, R>({ flags, readOnly }: Tool<O, R>): Record<string, FlagDefinition> {
  const common = Object.entries(COMMON_FLAGS).filter(([name]) => !readOnly || !WRITING_FLAGS.has(name));
  return { ...flags, ...Object.fromEntries(common) };
}
