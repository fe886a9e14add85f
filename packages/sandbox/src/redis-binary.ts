import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The Redis server to run: the one named by `REDISMS_SYSTEM_BINARY`, else `redis-server` on the PATH. Undefined where there
 * is neither: redis-memory-server then downloads and builds its own (minutes, once).
 */
export function findRedisBinary(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.REDISMS_SYSTEM_BINARY) return env.REDISMS_SYSTEM_BINARY;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'redis-server')).find(isExecutable);
}

/**
 * The server's major version, 7 for Redis 7.0.15 and 9 for Valkey 9.1.2. A server that is yet to be downloaded is a new one.
 */
export const serverMajorVersion = (() => {
  let version: number | undefined;
  return (): number => {
    const binary = findRedisBinary();
    version ??= binary ? Number(/v=(\d+)\./.exec(String(execFileSync(binary, ['--version'])))?.[1]) : 7;
    return version;
  };
})();

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
