import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ROOT, TOOLS } from './tools.js';

/** Commands of one code block, as a script for `sh`. */
export interface CodeBlock {
  /** Number of its first line in the document. */
  line: number;
  /** What the comment `<!-- sandbox: … -->` before it asks for, such as `stuckActive=2`; the one before stays in force. */
  faults: readonly string[];
  script: string;
}

/** Lines that a test cannot run here, with the reason. What matches none of these and names no tool is a complaint. */
const ELSEWHERE: readonly [RegExp, string][] = [
  [
    /^(\w+=\S+ )?npm (test|run (demo|test\S*|bench|sandbox|exactness|readme|format|lint|layers|typecheck|build|pack)\b)/,
    'CI runs it',
  ],
  [/^npm (install|publish|login|view)\b/, 'it needs the registry'],
  [/^(docker|kubectl|systemctl|promtool|crontab)\b/, 'examples and container have their own tests'],
  [/^(useradd|install|chmod|chown)\b|\| at /, 'it changes the machine'],
  [/\bFILE\b/, 'it holds a placeholder'],
];

const TOOL_NAMES = TOOLS.map(({ bin }) => bin);
const NAMES_A_TOOL = new RegExp(`(^|[\\s;|&('"/])(${TOOL_NAMES.join('|')})(\\s|$|[;|)'"])`);
/** Lines that only prepare for others, or are part of a shell statement. */
const SHELL = /^(\w+=|export|mkdir|cd|if|then|else|fi|echo|done|for|case|esac|#|$|\})/;

/** The blocks of shell commands of a Markdown document. */
export function codeBlocksOf(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let faults: readonly string[] = [];
  const pattern = /<!-- sandbox: (.*?) -->|^```(bash|sh|console)\n([\s\S]*?)^```$/gm;
  for (const { 0: all, 1: asked, 2: kind, 3: body = '', index } of text.matchAll(pattern)) {
    if (asked !== undefined) {
      faults = asked.split(' ');
      continue;
    }
    const line = text.slice(0, index + all.indexOf('\n') + 1).split('\n').length;
    blocks.push({ line, faults, script: kind === 'console' ? typedLines(body) : body });
  }
  return blocks;
}

function typedLines(body: string): string {
  return body
    .split('\n')
    .filter((line) => line.startsWith('$ '))
    .map((line) => line.slice(2))
    .join('\n');
}

/** The part of a script that can run here, on the given Redis; empty if no line of it runs a tool. */
export function runnableScript(script: string, redisUrl: string): string {
  const lines = withoutContinuations(script).filter(
    (line) => !ELSEWHERE.some(([pattern]) => pattern.test(line)),
  );
  if (!lines.some((line) => NAMES_A_TOOL.test(line))) return '';
  return lines
    .join('\n')
    .replaceAll(/npm run (--silent )?([a-z-]+) -- /g, '$2 ')
    .replaceAll('npx @atf/', '')
    .replaceAll(/redis:\/\/[\w.]+:\d+\/\d+/g, redisUrl);
}

/** Lines that neither run a tool, nor are known to run elsewhere. */
export function unknownCommands(script: string): string[] {
  return withoutContinuations(script).filter(
    (line) =>
      !NAMES_A_TOOL.test(line) &&
      !SHELL.test(line.trim()) &&
      !ELSEWHERE.some(([pattern]) => pattern.test(line.trim())),
  );
}

function withoutContinuations(script: string): string[] {
  return script.replaceAll(/\\\n\s*/g, ' ').split('\n');
}

/** Links of a document to a file or a heading of the repository that is not there. */
export function brokenLinks(file: string): string[] {
  const text = readFileSync(resolve(ROOT, file), 'utf8');
  const targets = [...text.matchAll(/(?:\]\(|src(?:set)?=")([^)\s"]+)[)"]/g)].map(
    ([, target = '']) => target,
  );
  return targets.filter((target) => !/^[a-z]+:/.test(target) && !isThere(file, target));
}

function isThere(file: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const named = path === '' ? resolve(ROOT, file) : resolve(ROOT, dirname(file), path);
  if (!existsSync(named)) return false;
  if (heading === undefined) return true;
  const page = statSync(named).isDirectory() ? resolve(named, 'README.md') : named;
  return anchorsOf(readFileSync(page, 'utf8')).includes(heading);
}

/** The anchors of a document's headings, as code hosts make them. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
