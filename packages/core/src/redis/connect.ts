import { endClient } from './client.js';
import { type ConnectOptions, connectServer } from './connect-server.js';
import { failureOf } from './failure.js';
import { parseRedisUrl } from './redis-url.js';
import { connectThroughSentinels } from './sentinel.js';
import { describeTarget, type Target } from './target.js';

export type { ConnectOptions } from './connect-server.js';

/**
 * Connects to one Redis server, ready for commands, in 7 s at most. Never reconnects: a tool that lost its server must end
 * and say so. With TLS the server's certificate is verified. Close the target with `closeTarget`.
 * @throws AtfError `USAGE` for a bad URL; `SERVER` for a server that is too old or holds only a part of the data; `READ_ONLY` for a replica
 *   if `primaryOnly`; `UNREACHABLE`, `TIMEOUT`, `TLS`, `AUTH` and the like if it fails
 */
export async function connectTarget(url: string, options: ConnectOptions): Promise<Target> {
  const parsed = parseRedisUrl(url);
  const label = `${describeTarget(parsed.description)}${options.flag ? ` (${options.flag})` : ''}`;
  const connect = parsed.description.sentinel ? connectThroughSentinels : connectServer;
  return await connect(parsed, options, label).catch((error: unknown) => {
    throw failureOf(error, label);
  });
}

/** Closes the target's connections at once. A command that is under way is rejected. */
export function closeTarget({ client }: Target): void {
  endClient(client);
}
