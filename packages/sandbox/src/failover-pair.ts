import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './jest/until.js';
import { findRedisBinary } from './redis-binary.js';
import { connectClient, type SandboxClient } from './redis-client.js';
import { type SandboxRedis, startRedis } from './redis-server.js';

/** What the Sentinel calls the primary. */
const NAME = 'mymaster';

/** A primary, a replica that follows it, and a real Sentinel that watches both. */
export interface FailoverPair {
  first: SandboxRedis;
  second: SandboxRedis;
  sentinelPort: number;
  /** `redis+sentinel://127.0.0.1:PORT/mymaster/0` */
  url: string;
  /** A client of the server that is the primary at the start. */
  client: SandboxClient;
  /** Resolves when the replica has everything that was written by the client. */
  synchronized(): Promise<void>;
  /** Lets the Sentinel make the replica the primary, as an operator does; resolves when it is one. */
  failOver(): Promise<void>;
  /** Kills the primary; resolves when the Sentinel has made the replica the primary. */
  killPrimary(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the three of them. Takes about half a second. */
export async function startFailoverPair({
  sentinelPassword,
}: {
  sentinelPassword?: string;
} = {}): Promise<FailoverPair> {
  const fast = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'];
  const first = await startRedis({ args: fast });
  const second = await startRedis({ args: [...fast, '--replicaof', first.host, String(first.port)] });
  const client = await first.client();
  const replica = await second.client();
  await until(async () => /master_link_status:up/.test(await replica.info('replication')));
  const sentinel = await startSentinel(first.port, sentinelPassword);
  // A server whose role changes closes its connections.
  const isPrimary = async () => {
    const asking = await second.client().catch(() => undefined);
    return /role:master/.test(String(await asking?.info('replication').catch(() => '')));
  };
  await until(async () => /num-slaves,1|slaves=1/.test(await sentinel.client.info('sentinel')));
  return {
    first,
    second,
    sentinelPort: sentinel.port,
    url: `redis+sentinel://127.0.0.1:${sentinel.port}/${NAME}/0`,
    client,
    async synchronized() {
      await until(async () => (await client.sendCommand<number>(['WAIT', '1', '1000'])) > 0);
    },
    async failOver() {
      await until(() =>
        sentinel.client.sendCommand(['SENTINEL', 'FAILOVER', NAME]).then(
          () => true,
          () => false,
        ),
      );
      await until(isPrimary);
      await until(() => sentinel.names(second.port));
    },
    async killPrimary() {
      await first.kill();
      await sentinel.client.sendCommand(['SENTINEL', 'SET', NAME, 'down-after-milliseconds', '300']);
      await until(isPrimary);
      await until(() => sentinel.names(second.port));
    },
    async stop() {
      await sentinel.stop();
      await Promise.all([first.stop(), second.stop()]);
    },
  };
}

async function startSentinel(primaryPort: number, password: string | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'atf-sentinel-'));
  const port = await freePort();
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    ...(password === undefined ? [] : [`requirepass ${password}`]),
    `sentinel monitor ${NAME} 127.0.0.1 ${primaryPort} 1`,
    // A busy machine may stall a server: that is no reason for a failover that no test asked for.
    `sentinel down-after-milliseconds ${NAME} 60000`,
    `sentinel failover-timeout ${NAME} 5000`,
  ];
  writeFileSync(join(folder, 'sentinel.conf'), `${settings.join('\n')}\n`);
  const child = spawn(findRedisBinary() ?? 'redis-server', [join(folder, 'sentinel.conf'), '--sentinel'], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  let client: SandboxClient | undefined;
  await until(async () => {
    client = await connectClient(
      `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    ).catch(() => undefined);
    return client;
  });
  return {
    port,
    client: client!,
    async names(wanted: number) {
      const [, named] = await client!.sendCommand<string[]>(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME]);
      return Number(named) === wanted;
    },
    async stop() {
      client!.destroy();
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
