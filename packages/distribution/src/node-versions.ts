import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';
import { ROOT } from './tools.js';

/** The versions of Node that the tools are tried on: the oldest that they promise, and what is in use. */
export const NODE_VERSIONS = ['20.19.0', '22.23.3', '24.21.0'];

/**
 * The folder of a Node's binary, which is fetched from the registry of packages once and kept. Resolves to undefined if it
 * cannot be had here.
 */
export async function nodeFolder(version: string): Promise<string | undefined> {
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(ROOT, 'node_modules/.cache/node', version);
  const folder = join(home, 'node_modules', name, 'bin');
  if (existsSync(join(folder, 'node'))) return folder;
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { code } = await run('npm', ['install', ...flags, '--prefix', home, `${name}@${version}`]);
  return code === 0 ? folder : undefined;
}
