import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from './run.js';
import { ROOT } from './tools.js';

const PACKAGE = join(ROOT, 'packages/distribution');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/**
 * What the API's types say against a CronJob, a line each. The manifest becomes an object literal of that type, and the
 * compiler accepts no key in one that the type does not have.
 */
export async function cronJobComplaints(yaml: string): Promise<string[]> {
  const cache = join(PACKAGE, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'manifest-'));
  try {
    const program = [
      "import type { CronJob } from 'kubernetes-types/batch/v1';",
      `export const cronJob: CronJob = ${JSON.stringify(parse(yaml), null, 2)};`,
    ];
    writeFileSync(join(folder, 'manifest.ts'), program.join('\n'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--ignoreConfig',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
      '--types',
      '',
    ];
    const { code, stdout } = await run(process.execPath, [TSC, ...flags, 'manifest.ts'], { cwd: folder });
    const lines = stdout.trim().split('\n').filter(Boolean);
    return code !== 0 && lines.length === 0 ? [`tsc ended with ${code}`] : lines;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
