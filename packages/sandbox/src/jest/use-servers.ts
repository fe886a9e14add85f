import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll } from '@jest/globals';

/** Servers on 127.0.0.1 that are not Redis. */
export interface Servers {
  /** Starts a server that passes each connection to `answer`. Returns its port. */
  serverThat(answer: (socket: Socket) => void): Promise<number>;
  /** A port on which nothing listens. */
  closedPort(): Promise<number>;
}

/** Closes all servers and connections after the tests. */
export function useServers(): Servers {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterAll(() => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  });
  const serverThat = async (answer: (socket: Socket) => void) => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).resume();
      answer(socket);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  };
  const closedPort = async () => {
    const port = await serverThat(() => {});
    servers.pop()?.close();
    return port;
  };
  return { serverThat, closedPort };
}
