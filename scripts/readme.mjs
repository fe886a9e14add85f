// Puts each tool's --help into its README, between the markers; with --check only tells where that is out of date.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, workspacePackages } from './lib/workspace.mjs';

const BLOCK = /<!-- help -->[\s\S]*<!-- \/help -->/;
const check = process.argv.includes('--check');
const stale = [];

for (const { folder } of workspacePackages()) {
  const cli = join(folder, 'src', 'cli.ts');
  const readme = join(folder, 'README.md');
  if (!existsSync(join(folder, 'bin')) || !existsSync(readme)) continue;
  const help = execFileSync(
    process.execPath,
    ['--conditions=@atf/source', '--import', 'tsx', cli, '--help'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const before = readFileSync(readme, 'utf8');
  const block = `<!-- help -->\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n\n<!-- /help -->`;
  const after = before.replace(BLOCK, () => block);
  if (after === before) continue;
  stale.push(relative(ROOT, readme));
  if (!check) writeFileSync(readme, after);
}

for (const readme of stale)
  console.log(check ? `out of date: ${readme}; run npm run readme` : `written: ${readme}`);
process.exitCode = check && stale.length > 0 ? 1 : 0;
