import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ContainerEngine, openEngine } from '../src/container-engine.js';
import { must, run } from '../src/run.js';
import { ROOT, TOOLS } from '../src/tools.js';

const MINUTE = 60_000;
const PROJECT = 'atf-test';
const TASK = 'task:11111111-1111-4111-8111-111111111111';

const opened = await openEngine();
const reason = typeof opened === 'string' ? opened : '';
if (reason) process.stderr.write(`not tried: the container. ${reason}\n`);
/** Declares a test that needs a container engine; without one it shows as skipped, with the reason. */
const testInContainer = reason ? test.skip : test;

describe(`docker compose${reason && `: ${reason}`}`, () => {
  const engine = opened as ContainerEngine;
  const sh = (command: string, env: Record<string, string> = {}) =>
    run('sh', ['-c', command], {
      cwd: ROOT,
      env: { ...engine.env, COMPOSE_PROJECT_NAME: PROJECT, REDIS_URL: undefined, ...env },
    });
  const redis = async (command: string) => {
    const { stdout, stderr, code } = await sh(`docker compose exec -T redis redis-cli ${command}`);
    if (code !== 0) throw new Error(stdout + stderr);
    return stdout.trim();
  };

  beforeAll(async () => {
    // From nothing: builds the image, starts the Redis.
    if (!reason) expect(await sh('docker compose run --rm reset')).toMatchObject({ code: 0 });
  }, 8 * MINUTE);
  afterAll(async () => {
    if (reason) return;
    await sh('docker compose down --volumes');
    await engine.stop();
  }, MINUTE);

  testInContainer('docker compose run --rm reset --confirm deletes what its own Redis holds', async () => {
    await redis(`hset ${TASK} task_id 1 state PENDING`);
    const { code, stdout } = await sh('docker compose run --rm reset --confirm');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Deleted 1 ') });
    expect(await redis('dbsize')).toBe('0');
  });

  testInContainer('it works on REDIS_URL, if that is set', async () => {
    const other = `${PROJECT}-other`;
    const flags = `--detach --rm --network ${PROJECT}_default --name ${other}`;
    await sh(`docker run ${flags} redis:7-alpine redis-server --protected-mode no`);
    try {
      await redis(`hset ${TASK} task_id 1 state PENDING`);
      await redis(`-h ${other} -n 3 hset ${TASK} task_id 1 state PENDING`);
      const env = { REDIS_URL: `redis://${other}:6379/3` };
      expect(await sh('docker compose run --rm reset --confirm', env)).toMatchObject({ code: 0 });
      expect(await redis(`-h ${other} -n 3 dbsize`)).toBe('0');
      expect(await redis('dbsize')).toBe('1');
    } finally {
      await sh(`docker stop ${other}`);
    }
  });

  testInContainer('a backup outlives the container that wrote it, and can be restored', async () => {
    await redis(`hset ${TASK} task_id 1 state PENDING`);
    const reset = 'docker compose run --rm reset --confirm --backup /backups/before.ndjson';
    expect(await sh(reset)).toMatchObject({ code: 0 });
    expect(await redis('dbsize')).toBe('0');
    expect(await sh('docker compose run --rm restore-backup before.ndjson')).toMatchObject({ code: 0 });
    expect(await redis(`exists ${TASK}`)).toBe('1');
  });

  testInContainer('the exit code of a tool is that of the container', async () => {
    await redis('set metrics:tasks:state:active 99');
    expect(await sh('docker compose run --rm fix-counter-sync --check')).toMatchObject({ code: 1 });
  });

  testInContainer('the image has every tool, is not root, and writes nothing but backups', async () => {
    const image = (command: string) =>
      sh(`docker run --rm --network none --read-only atf-utilities ${command}`);
    for (const { bin, version } of TOOLS) {
      expect(await image(`${bin} --version`)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    }
    expect(await image('node -p "process.getuid()"')).toMatchObject({ code: 0, stdout: '1000\n' });
    const sizes = await must(
      'docker',
      ['image', 'inspect', '-f', '{{.Size}}', 'atf-utilities', 'node:22-slim'],
      {
        env: engine.env,
      },
    );
    const [size = 0, base = 0] = sizes.trim().split('\n').map(Number);
    expect(size - base).toBeLessThan(6_000_000);
  });
});
