import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seedAsyncTaskFlow } from '@atf/sandbox';
import { useFolder, useRedis } from '@atf/sandbox/jest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readCrontab } from '../src/crontab.js';
import { type Healthchecks, startHealthchecks } from '../src/healthchecks.js';
import { installTools } from '../src/installed-tools.js';
import { run } from '../src/run.js';
import { importScript } from '../src/scripts.js';
import { unitComplaints, valuesOf } from '../src/systemd.js';
import { ROOT } from '../src/tools.js';

const { installByApt } = await importScript<{
  installByApt(...packages: string[]): Promise<string | undefined>;
}>('lib/install-by-apt.mjs');

const MINUTE = 60_000;
const CLOSED_PORT = 'redis://127.0.0.1:1/0';
const read = (path: string) => readFileSync(join(ROOT, 'examples', path), 'utf8');

const scratch = useFolder();
const settings = join(scratch, 'env');
const backups = join(scratch, 'backups');
const fixture = useRedis();
let pinged: Healthchecks;

/** An example with the folders of this test in the place of those that it names. */
const here = (text: string) =>
  text
    .replaceAll('/opt/atf', scratch)
    .replaceAll('/etc/atf/env', settings)
    .replaceAll('/var/backups/atf', backups);
/** Programs of the system, and Node, wherever that is here. */
const withNode = (path: string) => `${path}:${dirname(process.execPath)}`;
const writeSettings = (redisUrl: string) =>
  writeFileSync(
    settings,
    read('atf.env')
      .replace(/^REDIS_URL=.*$/m, `REDIS_URL='${redisUrl}'`)
      .replace(/^HEALTHCHECK_URL=.*$/m, `HEALTHCHECK_URL='${pinged.url}'`),
  );

beforeAll(async () => {
  mkdirSync(backups);
  await installTools(scratch);
  pinged = await startHealthchecks();
}, 2 * MINUTE);
afterAll(() => pinged.close());
beforeEach(async () => {
  pinged.pings.length = 0;
  writeSettings(fixture.redis.url);
  await fixture.client.flushAll();
  await seedAsyncTaskFlow(fixture.client, { tasks: 50, seed: 1, faults: { counterDrift: { ACTIVE: 3 } } });
});

describe('the crontab', () => {
  const { environment, jobs } = readCrontab(read('crontab'));
  const runJob = (command: string) => {
    const env = {
      HOME: scratch,
      LOGNAME: 'atf',
      SHELL: '/bin/sh',
      PATH: withNode(here(environment.PATH ?? '')),
    };
    return run('/bin/sh', ['-c', here(command)], { cwd: scratch, env });
  };
  /** The name under which a job reports its exit code. */
  const nameOf = (command: string) => /\$HEALTHCHECK_URL\/([\w-]+)\//.exec(command)?.[1];
  const reporting = jobs.filter(({ command }) => nameOf(command));
  const jobNamed = (name: string) => jobs.find(({ command }) => nameOf(command) === name)?.command ?? '';

  test('a look finds the drift and reports 1, a repair reports 0, and the next look reports 0', async () => {
    await runJob(jobNamed('check-counter-sync'));
    await runJob(jobNamed('fix-counter-sync'));
    await runJob(jobNamed('check-counter-sync'));
    expect(pinged.pings).toEqual(['/check-counter-sync/1', '/fix-counter-sync/0', '/check-counter-sync/0']);
  });

  test.each(reporting)('$command', async ({ command }) => {
    expect(await runJob(command)).toMatchObject({ code: 0, stderr: '' });
    expect(pinged.pings).toEqual([expect.stringMatching(`^/${nameOf(command)}/[01]$`)]);
  });

  test.each(reporting)('reports that Redis is away: $command', async ({ command }) => {
    writeSettings(CLOSED_PORT);
    await runJob(command);
    expect(pinged.pings).toEqual([`/${nameOf(command)}/4`]);
  });

  test('a job with a flag that does not exist reports a usage error', async () => {
    await runJob(jobNamed('fix-counter-sync').replace('--quiet', '--quite'));
    expect(pinged.pings).toEqual(['/fix-counter-sync/2']);
  });

  test('a password that is percent-encoded in the settings reaches Redis', async () => {
    const password = 'p@ss/1%';
    await fixture.client.sendCommand([
      'ACL',
      'SETUSER',
      'ops',
      'reset',
      'on',
      `>${password}`,
      '~*',
      '&*',
      '+@all',
    ]);
    const [, command = ''] = /`node -p '(.+)'`/.exec(read('README.md')) ?? [];
    const { stdout } = await run('node', ['-p', command], { stdin: `${password}\n` });
    expect(stdout).toBe('p%40ss%2F1%25\n');
    writeSettings(`redis://ops:${stdout.trim()}@127.0.0.1:${fixture.redis.port}/0`);
    await runJob(jobNamed('fix-counter-sync'));
    expect(pinged.pings).toEqual(['/fix-counter-sync/0']);
  });

  test('what a job deletes is in a new backup of each run, and can be put back', async () => {
    const defective = 'task:11111111-1111-4111-8111-111111111111';
    const command = jobNamed('delete-defective-tasks');
    for (const runs of [1, 2]) {
      await fixture.client.hSet(defective, { state: 'COMPLETED', result: 'x' });
      await runJob(command);
      expect(await fixture.client.exists(defective)).toBe(0);
      expect(readdirSync(backups)).toHaveLength(runs);
    }
    const [backup = ''] = readdirSync(backups);
    await runJob(`set -a; . /etc/atf/env; restore-backup ${join(backups, backup)}`);
    expect(await fixture.client.exists(defective)).toBe(1);
    expect(pinged.pings).toEqual(['/delete-defective-tasks/0', '/delete-defective-tasks/0']);
  });

  test('old backups are deleted, young ones stay', async () => {
    const command = jobs.find((job) => job.command.startsWith('find '))?.command ?? '';
    await run('touch', ['-d', '31 days ago', join(backups, 'old')]);
    await run('touch', ['-d', '29 days ago', join(backups, 'young')]);
    expect(await runJob(command)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(backups)).toContain('young');
    expect(readdirSync(backups)).not.toContain('old');
  });
});

describe('the check for Nagios', () => {
  const check = (...args: string[]) =>
    run('sh', ['-c', here(read('nagios/check_atf')), 'check_atf', ...args], {
      env: { ATF_ENV: settings, PATH: withNode('/usr/bin:/bin') },
    });
  const firstLine = ({ code, stdout }: { code: number | null; stdout: string }) => [
    code,
    stdout.split('\n')[0],
  ];

  test('CRITICAL if there is something to repair, OK if not', async () => {
    expect(firstLine(await check('fix-counter-sync'))).toEqual([
      2,
      'ATF CRITICAL - fix-counter-sync finds something to repair',
    ]);
    await fixture.client.flushAll();
    expect(await check('fix-counter-sync')).toEqual({
      code: 0,
      stdout: 'ATF OK - fix-counter-sync finds nothing to repair\n',
      stderr: '',
    });
  });

  test('is a script that the shell accepts, and a broken copy is not', async () => {
    const accepts = async (text: string) => (await run('sh', ['-n'], { stdin: text })).code === 0;
    expect(await accepts(read('nagios/check_atf'))).toBe(true);
    expect(await accepts(read('nagios/check_atf').replace('esac', ''))).toBe(false);
  });

  test('UNKNOWN if the tool got no answer, does not exist, or is not named', async () => {
    writeSettings(CLOSED_PORT);
    expect(firstLine(await check('fix-counter-sync'))).toEqual([
      3,
      'ATF UNKNOWN - fix-counter-sync ended with 4',
    ]);
    expect(firstLine(await check('fix-counters'))).toEqual([3, 'ATF UNKNOWN - fix-counters ended with 127']);
    expect(firstLine(await check())).toEqual([3, 'ATF UNKNOWN - usage: check_atf TOOL [FLAG...]']);
  });
});

describe('the units of systemd', () => {
  const names = readdirSync(join(ROOT, 'examples/systemd'));
  const units = () => Object.fromEntries(names.map((name) => [name, here(read(`systemd/${name}`))]));
  const service = names.find((name) => name.endsWith('.service')) as string;
  const timer = names.find((name) => name.endsWith('.timer')) as string;
  const broken = (name: string, from: string, to: string) => {
    const text = units()[name] as string;
    expect(text).toContain(from);
    return unitComplaints({ ...units(), [name]: text.replace(from, to) });
  };
  let reason: string | undefined;
  beforeAll(async () => {
    if ((await run('sh', ['-c', 'command -v systemd-analyze'])).code !== 0)
      reason = await installByApt('systemd');
    if (reason) process.stderr.write(`not tried: the units of systemd. ${reason}\n`);
  }, 2 * MINUTE);

  test('systemd-analyze verify accepts them, and no broken copy', async () => {
    if (reason) return;
    expect(await unitComplaints(units())).toEqual([]);
    expect(await broken(service, 'NoNewPrivileges', 'NoNewPrivilege')).toEqual([
      expect.stringContaining("Unknown key 'NoNewPrivilege'"),
    ]);
    expect(await broken(service, 'bin/fix-stuck-tasks', 'bin/fix-stuck-task')).toEqual([
      expect.stringContaining('is not executable'),
    ]);
    expect(await broken(timer, '*:0/1', '*:0/61')).toContainEqual(
      expect.stringContaining('Failed to parse calendar specification'),
    );
  });

  test('the service does its work under its own environment, and reports its exit code', async () => {
    const text = here(read(`systemd/${service}`));
    const variables = Object.fromEntries(
      valuesOf(text, 'EnvironmentFile').flatMap((path) =>
        [...readFileSync(path, 'utf8').matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]),
      ),
    );
    const env = { ...variables, PATH: withNode('/usr/local/bin:/usr/bin:/bin') };
    const [command = ''] = valuesOf(text, 'ExecStart');
    const { code } = await run('/bin/sh', ['-c', command], { env });
    expect(code).toBe(0);
    const [report = ''] = valuesOf(text, 'ExecStopPost');
    await run('/bin/sh', ['-c', report.replace(/^-/, '')], { env: { ...env, EXIT_STATUS: String(code) } });
    expect(pinged.pings).toEqual(['/fix-stuck-tasks/0']);
  });
});
