import { mkdir, rm, rmdir } from 'node:fs/promises';
import { until } from '@atf/sandbox/jest';
import type { RedisInstance } from './redis-instance.js';
import type { Code } from './reports.js';

/** What becomes of a server while a tool is at work, really and not by the proxy. */
export interface ServerFault {
  name: string;
  codes: readonly Code[];
  begin(instance: RedisInstance): Promise<void>;
  /** All is as it was, for the next run. */
  end(instance: RedisInstance): Promise<void>;
}

const config = async ({ client }: RedisInstance, name: string, value: string) => {
  await client.sendCommand(['CONFIG', 'SET', name, value]);
};

export const SERVER_FAULTS: readonly ServerFault[] = [
  {
    name: 'becomes a read-only replica',
    codes: ['READ_ONLY'],
    async begin({ client }) {
      await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    },
    async end({ client }) {
      await client.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    },
  },
  {
    name: 'runs out of memory',
    codes: ['SERVER'],
    begin: (instance) => config(instance, 'maxmemory', '1'),
    end: (instance) => config(instance, 'maxmemory', '0'),
  },
  {
    name: 'is busy with a script of another client',
    codes: ['SERVER'],
    async begin(instance) {
      await config(instance, 'busy-reply-threshold', '20');
      const other = await instance.redis.client();
      other
        .eval('while true do end')
        .catch(() => {})
        .finally(() => other.destroy());
      await until(async () => (await instance.client.ping().catch(() => 'busy')) === 'busy');
    },
    async end({ client }) {
      await client.sendCommand(['SCRIPT', 'KILL']).catch(() => {}); // it is killed by now, where two end it
      await until(async () => (await client.ping().catch(() => 'busy')) === 'PONG');
    },
  },
  {
    name: 'cannot save to its disk',
    codes: ['SERVER'],
    async begin(instance) {
      // A folder in the place of the file.
      await rm(instance.rdb);
      await mkdir(instance.rdb);
      await config(instance, 'save', '3600 1');
      await instance.client.sendCommand(['BGSAVE']);
      await until(async () => /rdb_last_bgsave_status:err/.test(await instance.client.info('persistence')));
    },
    async end(instance) {
      await config(instance, 'stop-writes-on-bgsave-error', 'no');
      await rmdir(instance.rdb);
    },
  },
  {
    name: 'takes the permission to run scripts away',
    codes: ['NO_PERMISSION'],
    async begin({ client }) {
      await client.sendCommand(['ACL', 'SETUSER', 'default', '-evalsha', '-eval', '-flushdb']);
    },
    async end({ client }) {
      await client.sendCommand(['ACL', 'SETUSER', 'default', '+@all']);
    },
  },
  {
    name: 'throws all other clients out',
    codes: ['CONNECTION_LOST', 'UNREACHABLE'],
    async begin({ client }) {
      await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    },
    async end() {},
  },
];
