import { createClient } from 'redis';

const connect = (url: string) =>
  createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: false } });

/** A node-redis client as the sandbox uses it: RESP2, replies as strings, no reconnecting. */
export type SandboxClient = ReturnType<typeof connect>;

/** A connected client. It does not reconnect: when its server goes, its commands fail at once. */
export async function connectClient(url: string): Promise<SandboxClient> {
  const client = connect(url);
  client.on('error', () => {});
  await client.connect();
  return client;
}
