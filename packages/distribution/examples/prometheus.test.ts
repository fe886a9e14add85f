import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_HOLDER, runBin, seedAsyncTaskFlow } from '@atf/sandbox';
import { useFolder, useRedis } from '@atf/sandbox/jest';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../src/run.js';
import { importScript } from '../src/scripts.js';
import { ROOT, TOOLS } from '../src/tools.js';

const { installByApt } = await importScript<{
  installByApt(...packages: string[]): Promise<string | undefined>;
}>('lib/install-by-apt.mjs');

const EXAMPLES = join(ROOT, 'examples', 'prometheus');
const read = (name: string) => readFileSync(join(EXAMPLES, name), 'utf8');

const folder = useFolder();
const fixture = useRedis();

beforeAll(async () => {
  const { code } = await run('promtool', ['--version']).catch(() => ({ code: 1 }));
  if (code !== 0) expect(await installByApt('prometheus')).toBeUndefined();
  await seedAsyncTaskFlow(fixture.client, {
    tasks: 50,
    seed: 1,
    faults: { counterDrift: { ACTIVE: 3 }, unknownId: 2, stuckActive: 1 },
  });
});

/** What promtool says against a text of metrics. */
async function complaints(metrics: string): Promise<string> {
  const { code, stdout, stderr } = await run('promtool', ['check', 'metrics'], { stdin: metrics });
  return code === 0 ? '' : `${stdout}${stderr}`;
}

describe.each(TOOLS.map(({ bin }) => bin))('the metrics of %s', (tool) => {
  const file = join(folder, `${tool}.prom`);
  const argument = tool === 'restore-backup' ? [join(folder, 'no-backup')] : [];

  async function metricsOf(args: readonly string[]): Promise<{ code: number | null; text: string }> {
    const { code } = await runBin(tool, [...argument, ...args, '--metrics-file', file]);
    return { code, text: readFileSync(file, 'utf8') };
  }

  test.each([
    ['a dry run', ['--dry-run'], tool === 'restore-backup' ? 2 : 0],
    ['an unreachable Redis', ['--redis-url', 'redis://127.0.0.1:1/0'], 4],
    ['a usage error', ['--dryrun'], 2],
  ])('after %s', async (_, args, exitCode) => {
    const { code, text } = await metricsOf(
      args.includes('--redis-url') ? args : [...args, '--redis-url', fixture.redis.url],
    );
    expect([code, await complaints(text)]).toEqual([exitCode, '']);
    expect(text).toMatch(new RegExp(`^atf_last_run_exit_code\\{tool="${tool}".*\\} ${exitCode}$`, 'm'));
  });
});

test('a refusal writes metrics, and the last success stays', async () => {
  const file = join(folder, 'refused.prom');
  const args = ['--redis-url', fixture.redis.url, '--metrics-file', file];
  expect((await runBin('fix-counter-sync', args)).code).toBe(0);
  const success = /^atf_last_success_timestamp_seconds\{.*$/m.exec(readFileSync(file, 'utf8'))?.[0];
  await fixture.client.set('atf:maintenance-lock', LOCK_HOLDER);
  await fixture.client.incr('metrics:tasks:state:active');
  expect((await runBin('fix-counter-sync', args)).code).toBe(3);
  await fixture.client.del('atf:maintenance-lock');
  const text = readFileSync(file, 'utf8');
  expect(success).toBeDefined();
  expect(text.split('\n')).toEqual(expect.arrayContaining([success]));
  expect(text).toMatch(/^atf_last_run_exit_code\{.*\} 3$/m);
  expect(await complaints(text)).toBe('');
});

test('a file that cannot be written is reported, and the exit code is 1', async () => {
  const file = join(folder, 'no-folder', 'x.prom');
  const { code, stderr } = await runBin('fix-counter-sync', [
    '--redis-url',
    fixture.redis.url,
    '--metrics-file',
    file,
  ]);
  expect([code, existsSync(file)]).toEqual([1, false]);
  expect(stderr).toContain('❌ fix-counter-sync: the metrics could not be written\n   Why: ENOENT');
});

test('promtool would say what is wrong', async () => {
  expect(await complaints('atf_x 1\n')).toContain('no help text');
});

describe('the alert rules', () => {
  const promtool = (...args: string[]) => run('promtool', args, { cwd: folder });

  beforeAll(() => {
    for (const name of ['alerts.yaml', 'alerts.test.yaml']) writeFileSync(join(folder, name), read(name));
  });

  test('are right, and pass their tests', async () => {
    expect(await promtool('check', 'rules', 'alerts.yaml')).toMatchObject({ code: 0 });
    expect(await promtool('test', 'rules', 'alerts.test.yaml')).toMatchObject({ code: 0 });
  });

  test('fail their tests if a rule is broken', async () => {
    const names = [...read('alerts.yaml').matchAll(/alert: (\w+)/g)].map(([, name]) => name!);
    for (const name of names) {
      const broken = read('alerts.yaml').replace(`alert: ${name}`, `alert: ${name}Renamed`);
      writeFileSync(join(folder, 'alerts.yaml'), broken);
      expect([name, (await promtool('test', 'rules', 'alerts.test.yaml')).code]).toEqual([name, 1]);
    }
  });

  test('read only metrics that the tools write', () => {
    const used = new Set(read('alerts.yaml').match(/\batf_\w+/g));
    const documented = new Set(read('README.md').match(/\batf_\w+/g));
    expect([...used].filter((name) => !documented.has(name))).toEqual([]);
  });
});
