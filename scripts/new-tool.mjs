/**
 * Starts a tool from a copy of an existing one:
 *   npm run new-tool -- NAME              a tool that repairs, from fix-counter-sync, the smallest one
 *   npm run new-tool -- NAME --read-only  a tool that only reads, from scripts/lib/count-tasks
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PNPM, ROOT } from './lib/workspace.mjs';

const REPAIR = 'fix-counter-sync';
const READER = 'count-tasks';
const { values, positionals } = parseArgs({
  options: { 'read-only': { type: 'boolean' } },
  allowPositionals: true,
});
const readOnly = values['read-only'] ?? false;
const [name = ''] = positionals;
const folder = join(ROOT, 'packages', name);

if (!/^[a-z]+(-[a-z]+)*$/.test(name) || existsSync(folder) || positionals.length > 1) {
  console.error(
    'Usage: npm run new-tool -- NAME [--read-only]   (a new name in kebab-case, such as list-old-tasks)',
  );
  process.exit(2);
}

const model = join(ROOT, 'packages', REPAIR);
for (const part of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'bin'])
  cpSync(join(model, part), join(folder, part), { recursive: true });
if (readOnly) cpSync(join(ROOT, 'scripts', 'lib', READER), folder, { recursive: true });
else {
  const isTest = (path) => path.endsWith('.test.ts');
  cpSync(join(model, 'src'), join(folder, 'src'), { recursive: true, filter: (path) => !isTest(path) });
  mkdirSync(join(folder, 'test'));
}

/** `npm run readme` fills these lines in. */
const users = [...(readOnly ? [] : [`ACL SETUSER atf-${name} on`]), `ACL SETUSER atf-${name}-monitor on`];
writeFileSync(
  join(folder, 'README.md'),
  `# @atf/${name}\n\n## Command line\n\n<!-- flags -->\n\n<!-- /flags -->\n\n## Permissions\n\n\`\`\`text\n${users.join('\n')}\n\`\`\`\n`,
);

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const text = renamed(renamed(readFileSync(path, 'utf8'), REPAIR), READER);
  rmSync(path);
  writeFileSync(join(entry.parentPath, renamed(renamed(entry.name, REPAIR), READER)), text);
}
console.log(`packages/${name} is a copy of ${readOnly ? `scripts/lib/${READER}` : `packages/${REPAIR} without its tests`}. Now run:
  npx --yes ${PNPM} install && npm run readme`);

function renamed(text, from) {
  return text
    .replaceAll(from, name)
    .replaceAll(camelCase(from), camelCase(name))
    .replaceAll(pascalCase(from), pascalCase(name));
}

function camelCase(text) {
  return text.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

function pascalCase(text) {
  return camelCase(`-${text}`);
}
