import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** The pnpm that the repository is pinned to, such as `pnpm@10.34.9`. */
export const PNPM = readManifest(ROOT).packageManager;

/** Every package of the workspace: `{ folder, manifest }`, by name. */
export function workspacePackages() {
  return readdirSync(join(ROOT, 'packages'))
    .sort()
    .map((name) => join(ROOT, 'packages', name))
    .flatMap((folder) => {
      const manifest = readManifest(folder);
      return manifest ? [{ folder, manifest }] : [];
    });
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
