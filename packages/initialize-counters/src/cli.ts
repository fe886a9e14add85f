import { runTool } from '@atf/core/cli';

await runTool({
  name: 'initialize-counters',
  summary: 'Builds the six state counters of AsyncTaskFlow from its tasks and verifies them',
  moduleUrl: import.meta.url,
  examples: [
    ['--dry-run', 'Show the counters as they are and as they would be'],
    ['--redis-url redis://localhost:6379/1', 'Create the counters there, or correct the existing ones'],
  ],
  options: () => ({}),
  load: () => import('./work.js'),
});
