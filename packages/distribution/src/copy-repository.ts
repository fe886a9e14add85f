import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from './run.js';
import { ROOT } from './tools.js';

/** Copies the files of the repository, as they are now, into a repository of its own. */
export async function copyRepository(to: string): Promise<void> {
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = (await must('git', listed, { cwd: ROOT }))
    .split('\0')
    .filter((file) => existsSync(join(ROOT, file)));
  for (const file of files.filter(Boolean)) {
    mkdirSync(join(to, dirname(file)), { recursive: true });
    cpSync(join(ROOT, file), join(to, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(to, 'node_modules'));
  await must('git', ['init', '--quiet', '--initial-branch=main'], { cwd: to });
}
