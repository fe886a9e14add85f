/** Gives the next version to all packages, and moves what the changesets say to the top of CHANGELOG.md. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changelogWith, readChangeset } from './lib/changelog.mjs';
import { ROOT } from './lib/workspace.mjs';

const folder = join(ROOT, '.changeset');
const files = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
const changesets = files.map((file) => readChangeset(readFileSync(join(folder, file), 'utf8')));

execFileSync(join(ROOT, 'node_modules', '.bin', 'changeset'), ['version'], { cwd: ROOT, stdio: 'inherit' });
if (changesets.length > 0) {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'packages', 'core', 'package.json'), 'utf8'));
  const path = join(ROOT, 'CHANGELOG.md');
  writeFileSync(path, changelogWith(readFileSync(path, 'utf8'), { version, changesets }));
}
