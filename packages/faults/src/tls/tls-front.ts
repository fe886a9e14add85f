import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import type { SandboxRedis } from '@atf/sandbox';

/** A port at which a Redis is reached by TLS. */
export interface TlsFront {
  port: number;
  /** How many connections have sent something to Redis so far. */
  readonly used: number;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** Puts TLS in front of a Redis, on 127.0.0.1: many builds of it have none. */
export async function startTlsFront(redis: SandboxRedis, options: TlsOptions): Promise<TlsFront> {
  let used = 0;
  const sockets = new Set<Socket>();
  const server = createServer(options, (client) => {
    client.once('data', () => used++);
    const upstream = connect(redis.port, redis.host);
    sockets.add(upstream);
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.pipe(upstream).pipe(client);
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get used() {
      return used;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
