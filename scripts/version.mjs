/** Gives the next version to all packages and to the examples, and moves what the changesets say into CHANGELOG.md. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changelogWith, readChangeset } from './lib/changelog.mjs';
import { ROOT } from './lib/workspace.mjs';

/** What operators install by its version. */
const PINNED = ['examples/README.md', 'examples/kubernetes/cronjob.yaml'];
const folder = join(ROOT, '.changeset');
const files = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
const changesets = files.map((file) => readChangeset(readFileSync(join(folder, file), 'utf8')));

const before = versionOfAll();
execFileSync(join(ROOT, 'node_modules', '.bin', 'changeset'), ['version'], { cwd: ROOT, stdio: 'inherit' });
const version = versionOfAll();
if (changesets.length > 0) {
  rewrite('CHANGELOG.md', (text) => changelogWith(text, { version, changesets }));
  for (const file of PINNED) rewrite(file, (text) => text.replaceAll(before, version));
}

function versionOfAll() {
  return JSON.parse(readFileSync(join(ROOT, 'packages', 'core', 'package.json'), 'utf8')).version;
}

function rewrite(file, change) {
  const path = join(ROOT, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
