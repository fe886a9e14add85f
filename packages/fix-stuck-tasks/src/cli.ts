import { runTool } from '@atf/core/cli';
import { KINDS } from './kinds.js';
import { DEFAULTS, INCLUDABLE, readOptions } from './options.js';

await runTool({
  name: 'fix-stuck-tasks',
  summary:
    'Finds tasks of AsyncTaskFlow that are stuck or orphaned, says why, and puts each back where it belongs',
  moduleUrl: import.meta.url,
  flags: {
    'active-timeout': {
      type: 'string',
      describe: `Treat an ACTIVE task as stuck only after this long: at least CELERY_TASK_TIME_LIMIT [default: ${DEFAULTS.activeTimeout}]`,
    },
    'pending-timeout': {
      type: 'string',
      describe: `Treat a PENDING task as orphaned only after this long without a change [default: ${DEFAULTS.pendingTimeout}]`,
    },
    'scheduled-grace': {
      type: 'string',
      describe: `Treat a SCHEDULED task as overdue only this long after it was due [default: ${DEFAULTS.scheduledGrace}]`,
    },
    include: {
      type: 'array',
      choices: INCLUDABLE,
      describe: 'Also put back what is otherwise only reported',
    },
    only: { type: 'array', choices: KINDS, describe: 'Look for these only' },
    limit: { type: 'number', describe: 'Repair at most this many, oldest first' },
    'broker-url': {
      type: 'string',
      describe: "Redis of Celery's broker, if it is not beside the tasks or shared with other programs",
    },
  },
  examples: [
    ['--dry-run', 'See what is stuck, and why'],
    ['--only stuck-active --limit 100', 'Put back the 100 ACTIVE tasks that are stuck longest'],
  ],
  options: readOptions,
  load: () => import('./work.js'),
});
