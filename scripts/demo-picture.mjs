// Draws the repair that `npm run demo` shows as two SVG files, for light and for dark pages.
// With --check it only compares them with what the tool prints now, and exits with 1 if they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBounded } from './lib/run-child.mjs';
import { ROOT } from './lib/workspace.mjs';

const [LINE, CHARACTER, MARGIN] = [19, 8.45, 20];
const THEMES = {
  light: {
    page: '#ffffff',
    frame: '#d0d7de',
    text: '#1f2328',
    $: '#0550ae',
    '✅': '#1a7f37',
    '❌': '#cf222e',
  },
  dark: {
    page: '#0d1117',
    frame: '#30363d',
    text: '#e6edf3',
    $: '#79c0ff',
    '✅': '#3fb950',
    '❌': '#f85149',
  },
};

const lines = repairIn(await demoOutput());
const stale = Object.entries(THEMES).filter(([name, theme]) => !isUpToDate(name, picture(lines, theme)));
process.exitCode = process.argv.includes('--check') && stale.length > 0 ? 1 : 0;

async function demoOutput() {
  const command = ['--silent', 'run', 'demo'];
  const { code, output } = await runBounded('npm', command, { cwd: ROOT, timeoutMs: 180_000 });
  if (code !== 0) throw new Error(`npm run demo ended with ${code}\n${output}`);
  return output;
}

/** The repair in the demo, from its command on, with the command and the URL of an installed tool. */
function repairIn(output) {
  const [, repair] = /^── The repair\n([\s\S]*?)\n\nExit code/m.exec(output) ?? [];
  if (!repair) throw new Error(`the demo shows no repair:\n${output}`);
  return repair
    .replace(/^\$ npm run fix-counter-sync -- --redis-url \S+/, '$ fix-counter-sync redis://localhost:6379/0')
    .split('\n');
}

function picture(lines, theme) {
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * CHARACTER + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const colour = theme[[...line][0]] ?? theme.text;
    const y = MARGIN + (index + 0.75) * LINE;
    return `  <text x="${MARGIN}" y="${y}" fill="${colour}" xml:space="preserve">${escaped(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"`,
    '  font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">',
    '  <title>fix-counter-sync finds a counter that is wrong and repairs it</title>',
    `  <rect width="100%" height="100%" rx="8" fill="${theme.page}" stroke="${theme.frame}"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function isUpToDate(name, svg) {
  const file = join(ROOT, 'docs', 'images', `repair-${name}.svg`);
  const before = read(file);
  if (before === svg) return true;
  console.log(
    process.argv.includes('--check') ? `out of date: ${file}; run npm run picture` : `written: ${file}`,
  );
  if (!process.argv.includes('--check')) writeFileSync(file, svg);
  return false;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}
