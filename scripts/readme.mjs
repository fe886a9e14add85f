// Puts each tool's --help into its README, between the markers; with --check only tells where that is out of date.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const BLOCK = /<!-- help -->[\s\S]*<!-- \/help -->/;
const check = process.argv.includes('--check');
const stale = [];

for (const name of readdirSync('packages')) {
  const cli = `packages/${name}/src/cli.ts`;
  const readme = `packages/${name}/README.md`;
  if (!existsSync(`packages/${name}/bin`) || !existsSync(readme)) continue;
  const help = execFileSync(
    process.execPath,
    ['--conditions=@atf/source', '--import', 'tsx', cli, '--help'],
    {
      encoding: 'utf8',
    },
  );
  const before = readFileSync(readme, 'utf8');
  const block = `<!-- help -->\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n\n<!-- /help -->`;
  const after = before.replace(BLOCK, () => block);
  if (after === before) continue;
  stale.push(readme);
  if (!check) writeFileSync(readme, after);
}

for (const readme of stale)
  console.log(check ? `out of date: ${readme}; run npm run readme` : `written: ${readme}`);
process.exitCode = check && stale.length > 0 ? 1 : 0;
