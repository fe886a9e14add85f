import { demo } from './cli/demo.js';
import { runSandboxCli } from './cli/run-sandbox-cli.js';
import { serve } from './cli/serve.js';

process.exitCode = await runSandboxCli(process.argv.slice(2), { demo, serve });
