import { runTool } from '@atf/core/cli';

await runTool({
  name: 'count-tasks',
  summary: 'Prints how many tasks AsyncTaskFlow has',
  moduleUrl: import.meta.url,
  readOnly: true,
  examples: [
    ['redis://localhost:6379/1', 'Print the number of tasks'],
    ['--json', 'Print it as a JSON document'],
  ],
  options: () => ({}),
  load: () => import('./work.js'),
});
