import { DESTRUCTIVE_FLAGS, parseDuration, runTool } from '@atf/core/cli';

await runTool({
  name: 'cleanup-celery-meta',
  summary: "Deletes the celery-task-meta-* keys that Celery's result backend left in Redis",
  moduleUrl: import.meta.url,
  flags: {
    ...DESTRUCTIVE_FLAGS,
    'older-than': {
      type: 'string',
      describe: 'Only results finished longer ago than this, such as 12h or 7d, by their date_done',
    },
  },
  examples: [
    ['--dry-run', 'Show how many there are, what they take, and some of their names'],
    ['--yes --older-than 7d --backup backups/', 'Delete what is older than a week, for cron'],
  ],
  options: ({ yes, backup, olderThan }) => ({
    yes: yes === true,
    backup: backup as string | undefined,
    olderThanMs: olderThan === undefined ? undefined : parseDuration(olderThan as string, '--older-than'),
  }),
  load: () => import('./work.js'),
});
