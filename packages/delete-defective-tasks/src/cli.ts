import { DESTRUCTIVE_FLAGS, runTool } from '@atf/core/cli';
import { INCLUDABLE, readOptions } from './options.js';

await runTool({
  name: 'delete-defective-tasks',
  summary: 'Finds corrupt task hashes of AsyncTaskFlow, shows them, and deletes them with every reference',
  moduleUrl: import.meta.url,
  flags: {
    ...DESTRUCTIVE_FLAGS,
    include: {
      type: 'array',
      choices: INCLUDABLE,
      describe: 'Also delete tasks that are only suspicious, for these reasons',
    },
    'max-defective-percent': {
      type: 'number',
      default: 50,
      describe: 'Refuse if more than this share of all tasks would be deleted',
    },
  },
  examples: [
    ['--dry-run', 'See what would be deleted, and why'],
    ['--yes --backup backups/', 'Delete without a question, after saving everything that is deleted'],
  ],
  options: readOptions,
  load: () => import('./work.js'),
});
