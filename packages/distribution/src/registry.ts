import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { must } from './run.js';

/** A registry of packages on 127.0.0.1. */
export interface Registry {
  url: string;
  close(): void;
}

/** Starts a registry that has the packages of these tarballs, and knows no other. */
export async function startRegistry(tarballs: readonly string[]): Promise<Registry> {
  const files = new Map<string, Buffer>();
  const manifests = new Map<string, Record<string, unknown>>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const file = files.get(path);
    if (file) return response.end(file);
    const manifest = manifests.get(path);
    response.writeHead(manifest ? 200 : 404, { 'content-type': 'application/json' });
    return response.end(JSON.stringify(manifest ?? { error: 'not found' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;

  for (const path of tarballs) {
    const tarball = readFileSync(path);
    const manifest = JSON.parse(await must('tar', ['-xzOf', path, 'package/package.json']));
    const { name, version } = manifest;
    const dist = {
      tarball: `${url}tarballs/${basename(path)}`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    };
    files.set(`tarballs/${basename(path)}`, tarball);
    manifests.set(name, {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, dist } },
    });
  }
  return { url, close: () => server.close() };
}
