import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { ProxiedConnection } from './proxied-connection.js';
import type { Treatment } from './treatment.js';

export interface ProxyOptions {
  /** What becomes of a command; `number` counts from 1 over all connections, the handshake included. Default: all pass. */
  treat?(number: number, words: readonly string[]): Treatment | Promise<Treatment>;
}

/** A proxy between a client and a Redis server. */
export interface RedisProxy {
  /** That of the server, with the proxy's port. */
  readonly url: string;
  readonly port: number;
  /** How many commands have come so far. */
  readonly commands: number;
  /** Names of the commands so far. */
  readonly names: readonly string[];
  /** Sends connections that come from now on to another server, as where one was restarted. */
  redirect(serverUrl: string): void;
  /** Breaks all connections and ends. */
  stop(): Promise<void>;
}

/** Starts a proxy on 127.0.0.1 that counts the commands to a Redis server, and treats each as `treat` decides. */
export async function startProxy(
  serverUrl: string,
  { treat = () => 'pass' }: ProxyOptions = {},
): Promise<RedisProxy> {
  let target = new URL(serverUrl);
  const connections = new Set<ProxiedConnection>();
  const names: string[] = [];
  let isSilent = false;
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    const connection = new ProxiedConnection(client, upstream, async (words) => {
      names.push((words[0] ?? '').toUpperCase());
      const treatment = await treat(names.length, words);
      if (treatment === 'stall-all') {
        isSilent = true;
        for (const one of connections) one.silence();
      }
      return treatment;
    });
    if (isSilent) connection.silence();
    connections.add(connection);
    client.on('close', () => connections.delete(connection));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = new URL(serverUrl);
  url.port = String(port);
  return {
    url: url.href,
    port,
    names,
    get commands() {
      return names.length;
    },
    redirect(other) {
      target = new URL(other);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const connection of connections) connection.cut();
      await closed;
    },
  };
}
