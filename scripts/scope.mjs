/**
 * Gives every package the scope that scripts/lib/publishing.mjs names, and writes it wherever the old one stands: imports,
 * manifests, the lockfile, documents. Run it after a change of that constant.
 */
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPE } from './lib/publishing.mjs';
import { ROOT } from './lib/workspace.mjs';

const { name } = JSON.parse(readFileSync(join(ROOT, 'packages', 'core', 'package.json'), 'utf8'));
const [old] = name.split('/');
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
});

const paths = files.split('\0').map((file) => join(ROOT, file));
for (const path of paths.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile())) {
  const before = readFileSync(path, 'latin1');
  const after = before.replaceAll(new RegExp(`${old}\\b`, 'g'), SCOPE);
  if (after !== before) writeFileSync(path, after, 'latin1');
}
console.log(
  old === SCOPE
    ? `Every package is in ${SCOPE} already.`
    : `${old} became ${SCOPE}. Run npm install, then npm test.`,
);
