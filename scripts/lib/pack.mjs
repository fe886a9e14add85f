import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runBounded } from './run-child.mjs';
import { ROOT, workspacePackages } from './workspace.mjs';

/** Every package that is published: `{ folder, manifest }`. */
export const PUBLISHED = workspacePackages().filter(({ manifest }) => !manifest.private);

/** Packs every package that is published, as it was built, into the folder `to`. Resolves to the tarballs' paths. */
export async function packAll(to) {
  mkdirSync(to, { recursive: true });
  const pnpm = join(ROOT, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
  for (const { folder } of PUBLISHED) {
    const { code, output } = await runBounded(process.execPath, [pnpm, 'pack', '--pack-destination', to], {
      cwd: folder,
      timeoutMs: 60_000,
    });
    if (code !== 0) throw new Error(`pnpm pack in ${folder} ended with ${code}\n${output}`);
  }
  return readdirSync(to)
    .filter((file) => file.endsWith('.tgz'))
    .map((file) => join(to, file));
}
