import { join } from 'node:path';
import { must } from './run.js';
import { importScript } from './scripts.js';

const { packAll } = await importScript<{ packAll(to: string): Promise<string[]> }>('lib/pack.mjs');

/** Installs every tool into `folder`, as an operator does, without a registry. Resolves to the folder of the commands. */
export async function installTools(folder: string): Promise<string> {
  const tarballs = await packAll(join(folder, 'tarballs'));
  await must('npm', ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, ...tarballs]);
  return join(folder, 'node_modules/.bin');
}
