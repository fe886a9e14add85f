import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAINTENANCE_LOCK_KEY } from '@atf/core';
import { type SandboxClient, type SandboxRedis, startRedis } from '@atf/sandbox';

const FILE = 'instance.rdb';

/** How many files were named, by all instances: two may have one folder. */
let files = 0;

/** A Redis of its own, whose whole content is put there at once, and a folder for files. */
export class RedisInstance {
  /** How often the content was replaced, or the server's count of changes begun anew. */
  #generation = 0;

  private constructor(
    readonly redis: SandboxRedis,
    readonly client: SandboxClient,
    readonly folder: string,
  ) {}

  static async start(args: readonly string[] = []): Promise<RedisInstance> {
    const folder = await mkdtemp(join(tmpdir(), 'atf-faults-'));
    const own = ['--enable-debug-command', 'yes', '--dir', folder, '--dbfilename', FILE, '--save', ''];
    const redis = await startRedis({ args: [...own, ...args] });
    return new RedisInstance(redis, await redis.client(), folder);
  }

  /** The same instance on another server. */
  async on(redis: SandboxRedis): Promise<RedisInstance> {
    return new RedisInstance(redis, await redis.client(), this.folder);
  }

  /** Where the server saves its content. */
  get rdb(): string {
    return join(this.folder, FILE);
  }

  /** A path that no file has yet. */
  path(): string {
    return join(this.folder, `${++files}.ndjson`);
  }

  /** Writes the content to a file, and returns its path. About 20 ms for 5,000 tasks. */
  async save(): Promise<string> {
    await this.client.sendCommand(['SAVE']);
    this.#generation++;
    const kept = join(this.folder, `${++files}.rdb`);
    await copyFile(this.rdb, kept);
    return kept;
  }

  /** Replaces the content by that of a file; the server then knows no script, as after a restart. About 50 ms for 5,000 tasks. */
  async load(file: string): Promise<void> {
    await copyFile(file, this.rdb);
    await this.client.sendCommand(['DEBUG', 'RELOAD', 'NOSAVE']);
    this.#generation++;
    await this.client.scriptFlush();
  }

  /** How many changes the server has made to its data. */
  async changes(): Promise<number> {
    return Number(/rdb_changes_since_last_save:(\d+)/.exec(await this.client.info('persistence'))![1]);
  }

  /** Two of the same are of the same content. */
  async version(): Promise<string> {
    return `${this.#generation} ${await this.changes()}`;
  }

  /** Returns once all other connections are gone: what they had sent until then is done. */
  async settle(): Promise<void> {
    const others = async () =>
      String(await this.client.sendCommand(['CLIENT', 'LIST']))
        .trim()
        .split('\n').length > 1;
    while (await others()) await sleep(2);
  }

  /** What a killed tool leaves, and what would keep the next one waiting for up to 30 s. The wait has a test of its own. */
  async dropLock(): Promise<void> {
    await this.client.del(MAINTENANCE_LOCK_KEY);
  }

  async stop(): Promise<void> {
    await this.redis.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Starts an instance for some work, and stops it behind it, whatever that ends with. */
export async function inInstance(work: (instance: RedisInstance) => Promise<void>): Promise<void> {
  const instance = await RedisInstance.start();
  try {
    await work(instance);
  } finally {
    await instance.stop();
  }
}

/** Started, and in no use: starting one takes longer than loading its content. */
const idle: RedisInstance[] = [];

/** Stops the instances that {@link inInstances} has started. */
export async function stopIdleInstances(): Promise<void> {
  await Promise.all(idle.splice(0).map((instance) => instance.stop()));
}

/** The same with an instance that was used before, for work that loads its content and leaves the server as it is. */
async function inUsedInstance(work: (instance: RedisInstance) => Promise<void>): Promise<void> {
  const instance = idle.pop() ?? (await RedisInstance.start());
  try {
    await work(instance);
    idle.push(instance);
  } catch (error) {
    await instance.stop();
    throw error;
  }
}

/** Does work on each item, two at a time, each on an instance of its own. The first failure is thrown. */
export async function inInstances<T>(
  items: readonly T[],
  work: (instance: RedisInstance, item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  await Promise.all(
    Array.from({ length: Math.min(2, items.length) }, () =>
      inUsedInstance(async (instance) => {
        try {
          for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(instance, item);
        } finally {
          rest.length = 0;
        }
      }),
    ),
  );
}
