// Writes everything that follows from the tools' folders: help and permissions in READMEs, the table of tools, root scripts, compose services.
// With --check it only reports what is out of date, and exits with 1.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { ROOT, workspacePackages } from './lib/workspace.mjs';

const check = process.argv.includes('--check');
const tools = workspacePackages()
  .filter(({ manifest }) => manifest.bin)
  .map(({ folder, manifest }) => ({ folder, name: basename(folder), manifest }));
const marked = (name) => [`<!-- ${name} -->`, `<!-- /${name} -->`];
const stale = [];
const { aclLines } = await tsImport('../packages/core/src/redis/permissions.ts', import.meta.url);

for (const { folder } of tools) {
  rewrite(join(folder, 'README.md'), (text) =>
    withPermissions(
      between(text, marked('help'), `\n\n\`\`\`text\n${helpOf(folder)}\n\`\`\`\n\n`),
      permissionsOf(folder),
    ),
  );
}
rewrite(join(ROOT, 'README.md'), (text) => between(text, marked('tools'), `\n\n${toolTable()}\n\n`));
rewrite(join(ROOT, 'package.json'), withToolScripts);
rewrite(join(ROOT, 'compose.yaml'), (text) =>
  between(text, ['  # <tools>\n', '  # </tools>'], toolServices()),
);

for (const file of stale)
  console.log(check ? `out of date: ${file}; run npm run readme` : `written: ${file}`);
process.exitCode = check && stale.length > 0 ? 1 : 0;

function rewrite(path, change) {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) return;
  stale.push(relative(ROOT, path));
  if (!check) writeFileSync(path, after);
}

/** The text with new content between `start` and `end`. */
function between(text, [start, end], content) {
  const [before, after] = [text.indexOf(start) + start.length, text.indexOf(end)];
  if (!text.includes(start) || after < before) throw new Error(`there is no ${start} … ${end}`);
  return text.slice(0, before) + content + text.slice(after);
}

function helpOf(folder) {
  const node = ['--conditions=@atf/source', '--import', 'tsx', join(folder, 'src', 'cli.ts'), '--help'];
  return execFileSync(process.execPath, node, { cwd: ROOT, encoding: 'utf8' }).trim();
}

/** What `src/permissions.ts` of a tool exports. A process that resolves packages to their sources imports it. */
function permissionsOf(folder) {
  const { href } = pathToFileURL(join(folder, 'src', 'permissions.ts'));
  const print = `import('${href}').then(({ PERMISSIONS }) => console.log(JSON.stringify(PERMISSIONS)))`;
  const node = ['--conditions=@atf/source', '--import', 'tsx', '--eval', print];
  return JSON.parse(execFileSync(process.execPath, node, { cwd: ROOT, encoding: 'utf8' }));
}

/** The text with each user's nth `ACL SETUSER` line made of the permissions. */
function withPermissions(text, permissions) {
  const left = Object.fromEntries(
    Object.keys(permissions).map((user) => [user, aclLines(permissions, user)]),
  );
  const after = text.replace(/^ACL SETUSER (\S+) .*$/gm, (line, user) => {
    const next = left[user]?.shift();
    if (next === undefined) throw new Error(`src/permissions.ts has nothing for this line: ${line}`);
    return next;
  });
  const [missing] = Object.values(left).flat();
  if (missing) throw new Error(`the README lacks the line: ${missing}`);
  return after;
}

function toolTable() {
  const rows = tools.map(
    ({ name, manifest }) => `| [\`${manifest.name}\`](packages/${name}) | ${manifest.description} |`,
  );
  return ['| package | what it does |', '|---|---|', ...rows].join('\n');
}

function withToolScripts(text) {
  const manifest = JSON.parse(text);
  const command = 'exec node scripts/run.mjs tool';
  const others = Object.entries(manifest.scripts).filter(([, script]) => !script.startsWith(command));
  const ours = tools.map(({ name }) => [name, `${command} ${name}`]);
  return `${JSON.stringify({ ...manifest, scripts: Object.fromEntries([...others, ...ours]) }, null, 2)}\n`;
}

/** The service of reset-redis is named `reset`. */
function toolServices() {
  return tools
    .map(({ name }) => `  ${name.replace('-redis', '')}:\n    <<: *tool\n    entrypoint: [${name}]\n`)
    .join('');
}
