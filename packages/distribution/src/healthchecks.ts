import { once } from 'node:events';
import { createServer } from 'node:http';

/** A service on 127.0.0.1 that jobs report their exit codes to. */
export interface Healthchecks {
  url: string;
  /** The paths that were asked for, such as `/fix-counter-sync/0`. */
  readonly pings: string[];
  close(): void;
}

export async function startHealthchecks(): Promise<Healthchecks> {
  const pings: string[] = [];
  const server = createServer((request, response) => {
    pings.push(request.url ?? '');
    response.end('OK');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, pings, close: () => server.close() };
}
