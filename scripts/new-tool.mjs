/** Starts a tool from a copy of fix-counter-sync, the smallest one:   npm run new-tool -- count-tasks */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PNPM, ROOT } from './lib/workspace.mjs';

const MODEL = 'fix-counter-sync';
const [name = ''] = process.argv.slice(2);
const folder = join(ROOT, 'packages', name);

if (!/^[a-z]+(-[a-z]+)*$/.test(name) || existsSync(folder)) {
  console.error('Usage: npm run new-tool -- NAME   (a new name in kebab-case, such as count-tasks)');
  process.exit(2);
}

/** `npm run readme` fills these lines in. */
const USERS = `ACL SETUSER atf-${name} on\nACL SETUSER atf-${name}-monitor on`;

for (const part of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'bin', 'src'])
  cpSync(join(ROOT, 'packages', MODEL, part), join(folder, part), { recursive: true });
mkdirSync(join(folder, 'test'));
writeFileSync(
  join(folder, 'README.md'),
  `# @atf/${name}\n\n## Command line\n\n<!-- flags -->\n\n<!-- /flags -->\n\n## Permissions\n\n\`\`\`text\n${USERS}\n\`\`\`\n`,
);

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  if (path.endsWith('.test.ts')) {
    rmSync(path);
    continue;
  }
  writeFileSync(path, renamed(readFileSync(path, 'utf8')));
  renameSync(path, join(entry.parentPath, renamed(entry.name)));
}
console.log(`packages/${name} is a copy of packages/${MODEL} without its tests. Now run:
  npx --yes ${PNPM} install && npm run readme`);

function renamed(text) {
  return text
    .replaceAll(MODEL, name)
    .replaceAll(camelCase(MODEL), camelCase(name))
    .replaceAll(pascalCase(MODEL), pascalCase(name));
}

function camelCase(text) {
  return text.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

function pascalCase(text) {
  return camelCase(`-${text}`);
}
