import { runTool } from '@atf/core/cli';

await runTool({
  name: 'fix-counter-sync',
  summary: 'Compares the state counters of AsyncTaskFlow with its tasks and repairs drift',
  moduleUrl: import.meta.url,
  examples: [
    ['redis://localhost:6379/1', 'Show the counters next to the tasks, and repair what differs'],
    [
      '--check --quiet',
      'For monitors: print a report and exit with 1 if a counter is wrong, else print nothing',
    ],
  ],
  options: () => ({}),
  load: () => import('./work.js'),
});
