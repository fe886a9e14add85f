import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import {
  type BinRun,
  runBin,
  type SandboxRedis,
  seedAsyncTaskFlow,
  startBin,
  startRedis,
} from '@atf/sandbox';
import { useServers } from '@atf/sandbox/jest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAuthority, makeCertificate } from '../src/tls/certificates.js';
import { startTlsFront } from '../src/tls/tls-front.js';

const PASSWORD = 'geheim-4711';
const authority = makeAuthority('a private authority');
const other = makeAuthority('another authority');

const { serverThat } = useServers();
let redis: SandboxRedis;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atf-tls-'));
  await writeFile(join(folder, 'authority.pem'), authority.cert);
  await writeFile(join(folder, 'other.pem'), other.cert);
  redis = await startRedis({ password: PASSWORD });
  await seedAsyncTaskFlow(await redis.client(), { tasks: 6_000, seed: 1 });
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

/** Runs a tool on this server by TLS, as one who trusts an authority, or none but those that all trust. */
async function runOn(
  server: TlsOptions,
  {
    host = 'localhost',
    trusts,
    query = '',
    env: more = {},
  }: { host?: string; trusts?: string; query?: string; env?: Record<string, string> } = {},
): Promise<BinRun & { url: string; used: number }> {
  const front = await startTlsFront(redis, server);
  const env = trusts === undefined ? {} : { NODE_EXTRA_CA_CERTS: join(folder, `${trusts}.pem`) };
  const url = `rediss://${host}:${front.port}/0`;
  const run = await runBin('fix-counter-sync', [], {
    env: { ...env, ...more, REDIS_URL: `${url.replace('//', `//:${PASSWORD}@`)}${query}`, DEBUG: 'atf' },
  });
  await front.stop();
  return { ...run, url, used: front.used };
}

describe('rediss:// with verification', () => {
  test.each(['localhost', '127.0.0.1'])(
    'works on a server at %s whose authority is trusted',
    async (host) => {
      const run = await runOn(makeCertificate(authority, ['localhost', '127.0.0.1']), {
        host,
        trusts: 'authority',
      });
      expect([run.code, run.stderr]).toEqual([0, '']);
      expect(run.stdout).toContain('Total tasks found: 6000\n');
      expect(run.used).toBe(2); // counting needs a second connection, and that is TLS too
    },
  );

  const yesterday = new Date(Date.now() - 24 * 3_600_000);
  test.each([
    ['whose authority nobody knows', makeCertificate(authority, ['localhost']), undefined],
    ['of another authority than the trusted one', makeCertificate(authority, ['localhost']), 'other'],
    [
      'that only names a trusted authority',
      makeCertificate({ ...other, name: authority.name }, ['localhost']),
      'authority',
    ],
    ['whose certificate has expired', makeCertificate(authority, ['localhost'], yesterday), 'authority'],
    ['whose certificate is for another host', makeCertificate(authority, ['redis.example']), 'authority'],
    ['whose certificate is for another address', makeCertificate(authority, ['127.0.0.2']), 'authority'],
  ])('refuses a server %s, and sends it nothing', async (_, certificate, trusts) => {
    const { code, stdout, stderr, url, used } = await runOn(certificate, trusts ? { trusts } : {});
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      `❌ fix-counter-sync: no trusted connection to Redis at ${url}`,
      '   Why: the certificate of the server is not trusted',
    ]);
    expect(stderr).toContain('Nothing was changed.');
    expect(stderr).not.toContain(PASSWORD);
    expect(used).toBe(0);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'says by %s of a server that wants a certificate of its clients that it does',
    async (maxVersion) => {
      const certificate = makeCertificate(authority, ['localhost']);
      const server = { ...certificate, ca: authority.cert, requestCert: true, maxVersion };
      const { code, stderr } = await runOn(server, { trusts: 'authority' });
      expect({ code, stderr }).toEqual({
        code: 4,
        stderr: expect.stringContaining('certificate of its clients'),
      });
      expect(stderr).not.toContain(PASSWORD);
    },
  );

  test('shows the certificate that the URL names to a server that wants one', async () => {
    const client = makeCertificate(authority, ['client']);
    await writeFile(join(folder, 'client.pem'), client.cert);
    await writeFile(join(folder, 'client.key'), client.key);
    const server = { ...makeCertificate(authority, ['localhost']), ca: authority.cert, requestCert: true };
    const files = { ssl_ca_certs: 'authority.pem', ssl_certfile: 'client.pem', ssl_keyfile: 'client.key' };
    const query = Object.entries(files).map(([option, name]) => `${option}=${join(folder, name)}`);
    const { code, stdout, stderr } = await runOn(server, { query: `?${query.join('&')}` });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Total tasks found: 6000\n');
  });

  test('trusts the authority that the URL names, and no other one', async () => {
    const server = makeCertificate(authority, ['localhost']);
    const trusting = (name: string) => runOn(server, { query: `?ssl_ca_certs=${join(folder, name)}` });
    expect(await trusting('authority.pem')).toMatchObject({ code: 0, stderr: '' });
    expect(await trusting('other.pem')).toMatchObject({ code: 4, stdout: '', used: 0 });
  });

  test('cannot be switched off by NODE_TLS_REJECT_UNAUTHORIZED', async () => {
    const { code, stdout, stderr, used } = await runOn(makeCertificate(authority, ['localhost']), {
      trusts: 'other',
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    });
    expect([code, stdout, used]).toEqual([4, '', 0]);
    expect(stderr).toContain('   Why: the certificate of the server is not trusted\n');
    expect(stderr).not.toContain(PASSWORD);
  });
});

test('a stop while the server leaves the TLS connection unanswered ends the process, too', async () => {
  let connected = () => {};
  const connection = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const port = await serverThat(() => connected());
  const { child, ended } = startBin('fix-counter-sync', [`rediss://127.0.0.1:${port}/0`]);
  await connection;
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 143, stderr: expect.stringContaining('stopped by SIGTERM') });
});
