import { DESTRUCTIVE_FLAGS, runTool } from '@atf/core/cli';
import { readOptions } from './options.js';

await runTool({
  name: 'reset-redis',
  summary: 'Shows what a Redis holds of AsyncTaskFlow, and deletes it with --confirm',
  moduleUrl: import.meta.url,
  flags: {
    confirm: {
      type: 'boolean',
      alias: ['y', 'yes'],
      describe: 'Delete without a question. Without this flag: inspect only',
    },
    scope: {
      choices: ['app', 'db'],
      default: 'app',
      describe: "app: AsyncTaskFlow's own keys, others stay; db: all keys of this database",
    },
    force: { type: 'boolean', describe: 'Delete although workers are alive' },
    backup: DESTRUCTIVE_FLAGS.backup,
  },
  examples: [
    ['', "Inspect: keys by kind, queues, tasks by state, workers, and other programs' keys"],
    ['--confirm --backup backups/', "Delete AsyncTaskFlow's keys, after saving them"],
  ],
  confirmFlag: 'confirm',
  options: readOptions,
  load: () => import('./work.js'),
});
