import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { useFolder } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import { ROOT } from '../src/tools.js';

const folder = useFolder();
const MODEL = join('packages', 'fix-counter-sync');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** A workspace with what a new tool is copied from, and with the dependencies of this workspace. */
function workspace(name: string): string {
  const root = join(folder, name);
  mkdirSync(join(root, 'packages'), { recursive: true });
  for (const part of ['package.json', 'tsconfig.base.json', 'scripts', MODEL])
    cpSync(join(ROOT, part), join(root, part), {
      recursive: true,
      filter: (path) => !/(node_modules|dist)$/.test(path),
    });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

test.each([
  ['a tool that repairs', []],
  ['a tool that only reads', ['--read-only']],
])('npm run new-tool starts %s, with correct types and its name everywhere', (what, flags) => {
  const root = workspace(what);
  const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: root });
  node('scripts/new-tool.mjs', 'list-things', ...flags);
  const tool = join(root, 'packages', 'list-things');
  const files = readdirSync(tool, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map(({ parentPath, name }) => name + readFileSync(join(parentPath, name), 'utf8'));
  expect(texts.filter((text) => /fix-?counter-?sync|count-?tasks/i.test(text))).toEqual([]);
  symlinkSync(join(ROOT, MODEL, 'node_modules'), join(tool, 'node_modules'));
  node(TSC, '-p', join(tool, 'tsconfig.json'));
});
