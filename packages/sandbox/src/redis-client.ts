import { createClient } from 'redis';

/** node-redis gives up connecting after 5 s, also on a machine that is only busy. */
const PATIENCE_MS = 600_000;

const connect = (url: string) =>
  createClient({
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: false, connectTimeout: PATIENCE_MS },
    // A time limit costs an AbortSignal a command, which is a third of the time of many small commands.
    commandOptions: { timeout: 0 },
  });

/** A node-redis client as the sandbox uses it: RESP2, replies as strings, no reconnecting. */
export type SandboxClient = ReturnType<typeof connect>;

/** A connected client. It does not reconnect: when its server goes, its commands fail at once. */
export async function connectClient(url: string): Promise<SandboxClient> {
  const client = connect(url);
  client.on('error', () => {});
  await client.connect();
  return client;
}
