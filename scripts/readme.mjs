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
const { aclLines, rulesBefore7 } = await tsImport(
  '../packages/core/src/redis/permissions.ts',
  import.meta.url,
);

const permissions = Object.fromEntries(tools.map(({ folder, name }) => [name, permissionsOf(folder)]));

for (const { folder, name } of tools) {
  rewrite(join(folder, 'README.md'), (text) =>
    withPermissions(
      between(text, marked('help'), block(helpOf(folder))),
      linesOfUsers(name),
      linesOfUsers(name, rulesBefore7),
    ),
  );
}
rewrite(join(ROOT, 'examples', 'README.md'), (text) =>
  between(text, marked('permissions'), block(sharedUsers(Object.values(permissions)).join('\n'))),
);
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

function block(text) {
  return `\n\n\`\`\`text\n${text}\n\`\`\`\n\n`;
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

/** The lines of each user of a tool. The one who writes has the name of the tool. */
function linesOfUsers(tool, change = (rules) => rules) {
  return Object.fromEntries(
    Object.entries(permissions[tool]).map(([role, rules]) => {
      const user = role === 'writer' ? `atf-${tool}` : `atf-${tool}-${role}`;
      return [user, aclLines(user, rules.map(change))];
    }),
  );
}

/** The lines of a user who may run every tool, and of one who may only look with every tool. */
function sharedUsers(tables) {
  return [
    ['atf', 'writer'],
    ['atf-monitor', 'monitor'],
  ].flatMap(([user, role]) => {
    const rules = [...new Set(tables.flatMap((table) => table[role] ?? []).flat())];
    const allKeys = role === 'writer' ? '~*' : '%R~*';
    const others = rules.filter((rule) => !/^(%R)?~/.test(rule)).sort();
    return aclLines(user, [[allKeys, ...others]]);
  });
}

/** The text with each user's nth `ACL SETUSER` line in the place of the one that stands there. More lines are for older servers. */
function withPermissions(text, left, older) {
  const after = text.replace(/^ACL SETUSER (\S+) .*$/gm, (line, user) => {
    const next = left[user]?.shift() ?? older[user]?.shift();
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
