import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until, useFolder } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';
import { writeMetricsFile } from '../src/cli/metrics-file.js';

const folder = useFolder();
const MODULE = fileURLToPath(new URL('../src/cli/metrics-file.ts', import.meta.url));

const RUN = {
  schemaVersion: 1,
  tool: 'wind-clocks',
  version: '1.0.0',
  mode: 'repair',
  outcome: 'clean',
  stopReason: null,
  target: null,
  startedAt: '2026-11-22T15:10:00.000Z',
  elapsedMs: 5,
  replicaConfirmation: 'not-needed',
  result: null,
  error: null,
} as const;

const OK = { exitCode: 0, samples: [] };

describe('the metrics file', () => {
  test('is replaced as a whole, and keeps the last success', () => {
    const path = join(folder, 'clocks.prom');
    writeMetricsFile(path, RUN, OK);
    writeMetricsFile(path, { ...RUN, startedAt: '2026-11-23T15:10:00.000Z' }, { exitCode: 4, samples: [] });
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('atf_last_success_timestamp_seconds{tool="wind-clocks"} 1795360200\n');
    expect(text).toContain('atf_last_run_timestamp_seconds{tool="wind-clocks"} 1795446600\n');
    expect(text).toContain('atf_last_run_exit_code{tool="wind-clocks"} 4\n');
    expect(readdirSync(folder)).toEqual(['clocks.prom']);
  });

  test('that cannot be written is an error, and leaves nothing behind', () => {
    const path = join(folder, 'no-folder', 'clocks.prom');
    expect(() => writeMetricsFile(path, RUN, OK)).toThrow('ENOENT');
    expect(() => writeMetricsFile(folder, RUN, OK)).toThrow();
    expect(readdirSync(join(folder, '..')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('is whole for whoever reads it while it is written, and when the writer is killed', async () => {
    const path = join(folder, 'busy.prom');
    writeMetricsFile(path, RUN, OK);
    const whole = readFileSync(path, 'utf8');
    const script = `import { writeMetricsFile } from ${JSON.stringify(MODULE)};
      for (;;) writeMetricsFile(${JSON.stringify(path)}, ${JSON.stringify(RUN)}, ${JSON.stringify(OK)});`;
    const file = join(folder, 'writer.mts');
    writeFileSync(file, script);
    const writer = spawn(process.execPath, ['--conditions=@atf/source', '--import', 'tsx', file]);
    const seen = new Set<string>();
    const first = readdirSync(folder, { withFileTypes: true }).length;
    await until(() => readdirSync(folder).length > first);
    for (let i = 0; i < 2_000; i++) seen.add(readFileSync(path, 'utf8'));
    writer.kill('SIGKILL');
    await once(writer, 'close');
    seen.add(readFileSync(path, 'utf8'));
    expect([...seen]).toEqual([whole]);
  });
});
