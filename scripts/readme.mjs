// Writes everything that follows from the sources: flags and permissions in READMEs, the flags that all tools share, the tables of tools
// and metrics, root scripts, compose services. Complains about a tool's README that is too long.
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
  .map(({ folder, manifest }) => ({ folder, name: basename(folder), manifest, help: helpOf(folder) }));
const marked = (name) => [`<!-- ${name} -->`, `<!-- /${name} -->`];
/** The first flag that all tools share: `--help` lists a tool's own flags before it. */
const FIRST_SHARED_FLAG = '      --redis-url ';
/** What is longer is not read. Move what several tools share to docs/. */
const MOST_README_LINES = 120;
const stale = [];
const tooLong = [];
const { aclLines, rulesBefore7 } = await tsImport(
  '../packages/core/src/redis/permissions.ts',
  import.meta.url,
);

const permissions = Object.fromEntries(tools.map(({ folder, name }) => [name, permissionsOf(folder)]));

for (const { folder, name, help } of tools) {
  const readme = join(folder, 'README.md');
  rewrite(readme, (text) =>
    withPermissions(between(text, marked('flags'), block(ownHelpIn(help))), linesOfUsers(name)),
  );
  rewrite(join(folder, 'package.json'), (text) => withDescription(text, summaryIn(help)));
  const lines = readFileSync(readme, 'utf8').trimEnd().split('\n').length;
  if (lines > MOST_README_LINES)
    tooLong.push(`${relative(ROOT, readme)} has ${lines} lines, which is more than ${MOST_README_LINES}`);
}
rewrite(join(ROOT, 'docs', 'reference.md'), (text) =>
  between(
    text,
    marked('flags'),
    block(sharedHelpIn(tools.find(({ name }) => name === 'fix-counter-sync').help)),
  ),
);
rewrite(join(ROOT, 'examples', 'README.md'), (text) => {
  const users = (change) => block(sharedUsers(Object.values(permissions), change).join('\n'));
  const withUsers = between(text, marked('permissions'), users());
  return between(withUsers, marked('permissions before 7.0'), users(rulesBefore7));
});
const { METRICS } = await tsImport('../packages/core/src/report/metrics.ts', import.meta.url);
rewrite(join(ROOT, 'examples', 'prometheus', 'README.md'), (text) =>
  between(text, marked('metrics'), `\n\n${metricTable()}\n\n`),
);
rewrite(join(ROOT, 'README.md'), (text) => between(text, marked('tools'), `\n\n${toolTable()}\n\n`));
rewrite(join(ROOT, 'package.json'), withToolScripts);
rewrite(join(ROOT, 'compose.yaml'), (text) =>
  between(text, ['  # <tools>\n', '  # </tools>'], toolServices()),
);

for (const file of stale)
  console.log(check ? `out of date: ${file}; run npm run readme` : `written: ${file}`);
for (const complaint of tooLong) console.log(complaint);
process.exitCode = tooLong.length > 0 || (check && stale.length > 0) ? 1 : 0;

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

/** The summary, which stands between the usage and the arguments. */
function summaryIn(help) {
  const [, summary] = help.split('\n\n');
  return summary.replaceAll('\n', ' ');
}

function withDescription(text, description) {
  return `${JSON.stringify({ ...JSON.parse(text), description }, null, 2)}\n`;
}

/** What `--help` prints of one tool alone: its argument, its own flags, and its examples. */
function ownHelpIn(help) {
  const own = help.slice(help.indexOf('Positionals:'), help.indexOf(FIRST_SHARED_FLAG));
  const examples = help.slice(help.indexOf('Examples:'), help.indexOf('\n\nExit codes:'));
  return `${own.replace(/Options:\s*$/, '').trimEnd()}\n\n${examples}`;
}

/** The flags of all tools, as the help of a tool without flags of its own prints them. */
function sharedHelpIn(help) {
  return help.slice(help.indexOf(FIRST_SHARED_FLAG), help.indexOf('\n\nExamples:'));
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
function linesOfUsers(tool) {
  return Object.fromEntries(
    Object.entries(permissions[tool]).map(([role, rules]) => {
      const user = role === 'writer' ? `atf-${tool}` : `atf-${tool}-${role}`;
      return [user, aclLines(user, rules)];
    }),
  );
}

/** The lines of a user who may run every tool, and of one who may only look with every tool. */
function sharedUsers(tables, change = (rules) => rules) {
  return [
    ['atf', 'writer', '~*'],
    ['atf-monitor', 'monitor', '%R~*'],
  ].flatMap(([user, role, allKeys]) => {
    const rules = [...new Set(tables.flatMap((table) => table[role] ?? []).flat())];
    const others = rules.filter((rule) => !/^(%R)?~/.test(rule)).sort();
    return aclLines(user, [change([allKeys, ...others])]);
  });
}

/** The text with each user's nth `ACL SETUSER` line in the place of the one that stands there. */
function withPermissions(text, left) {
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
    ({ name, manifest, help }) => `| [\`${manifest.name}\`](packages/${name}) | ${summaryIn(help)} |`,
  );
  return ['| package | what it does |', '|---|---|', ...rows].join('\n');
}

function metricTable() {
  const rows = Object.entries(METRICS).map(([name, help]) => `| \`${name}\` | ${help} |`);
  return ['| metric | meaning |', '|---|---|', ...rows].join('\n');
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
