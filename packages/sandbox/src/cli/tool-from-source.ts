import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Runs a tool of this repository from its TypeScript source, its output going straight to this process' own. Resolves to its
 * exit code, or to its signal's name.
 */
export async function runToolFromSource(tool: string, args: readonly string[]): Promise<number | string> {
  const node = ['--conditions=@atf/source', '--import', 'tsx', `packages/${tool}/src/cli.ts`];
  const child = spawn(process.execPath, [...node, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return code ?? signal ?? 'no exit code';
}
