import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { must } from './run.js';

/** Where the system keeps the authorities that it trusts: a build fetches packages through TLS. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Makes the base images of the Dockerfile and of compose.yaml from the programs of this machine, for an engine that
 * reaches no registry of images. They hold little else than those programs.
 */
export async function makeBaseImages(env: Record<string, string>): Promise<void> {
  await makeImage('node:22-slim', env, async (root) => {
    for (const program of ['node', 'sh', 'env', 'rm']) await copyProgram(root, program);
    const npm = dirname(dirname(realpathSync(await pathOf('npm'))));
    cpSync(npm, join(root, npm), { recursive: true });
    for (const name of ['npm', 'npx'])
      symlinkSync(join(npm, 'bin', `${name}-cli.js`), join(root, 'usr/bin', name));
    mkdirSync(join(root, dirname(AUTHORITIES)), { recursive: true });
    cpSync(AUTHORITIES, join(root, AUTHORITIES), { dereference: true });
  });
  await makeImage('redis:7-alpine', env, async (root) => {
    for (const program of ['redis-server', 'redis-cli']) await copyProgram(root, program);
  });
}

async function makeImage(name: string, env: Record<string, string>, fill: (root: string) => Promise<void>) {
  const root = mkdtempSync(join(tmpdir(), 'base-image-'));
  try {
    for (const folder of ['tmp', 'bin', 'usr/bin', 'data'])
      mkdirSync(join(root, folder), { recursive: true });
    await fill(root);
    const environment = `ENV NODE_EXTRA_CA_CERTS=${AUTHORITIES}`;
    await must(
      'sh',
      ['-c', `tar -C "$1" -c . | docker import --change "$2" - "$3"`, 'sh', root, environment, name],
      { env },
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Copies a program to /usr/bin or /bin of the image, and the libraries that it loads to where it looks for them. */
async function copyProgram(root: string, name: string) {
  const path = await pathOf(name);
  const libraries = (await must('ldd', [path])).matchAll(/(\/\S+) \(0x/g);
  for (const file of [path, ...[...libraries].map(([, library]) => library as string)]) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    cpSync(realpathSync(file), join(root, file));
  }
  if (name === 'sh') cpSync(realpathSync(path), join(root, 'bin/sh'));
}

async function pathOf(program: string): Promise<string> {
  return (await must('sh', ['-c', `command -v ${program}`])).trim();
}
