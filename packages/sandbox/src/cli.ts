import { demo } from './cli/demo.js';
import { exactness } from './cli/exactness.js';
import { runSandboxCli } from './cli/run-sandbox-cli.js';
import { serve } from './cli/serve.js';

process.exitCode = await runSandboxCli(process.argv.slice(2), { demo, exactness, serve });
