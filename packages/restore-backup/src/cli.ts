import { AtfError, DESTRUCTIVE_FLAGS, runTool } from '@atf/core/cli';

await runTool({
  name: 'restore-backup',
  summary: 'Puts back what the AsyncTaskFlow utilities deleted, from the file of their --backup',
  moduleUrl: import.meta.url,
  fileArgument: 'What --backup wrote',
  flags: {
    replace: { type: 'boolean', describe: 'Overwrite what exists now and differs; asks first' },
    force: { type: 'boolean', describe: 'Restore whole queues although workers or consumers are alive' },
    yes: DESTRUCTIVE_FLAGS.yes,
  },
  examples: [
    ['deleted.ndjson --dry-run', 'Show what would be put back'],
    ['deleted.ndjson', 'Put back what is missing; what exists now stays as it is'],
    ['deleted.ndjson --replace --yes', 'Put back everything, also over what exists now'],
  ],
  options: ({ file, replace, force }) => ({
    file: nameOf(file),
    replace: replace === true,
    force: force === true,
  }),
  load: () => import('./work.js'),
});

/** The parser makes an empty name of `-`. */
function nameOf(file: unknown): string {
  if (file !== '') return String(file);
  throw new AtfError('USAGE', 'the backup has no name', { hint: 'For a pipe, write /dev/stdin.' });
}
