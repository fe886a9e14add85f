import yargs from 'yargs';
import { exitCodesHelp } from './exit-code.js';
import { flagsOf } from './flags.js';
import type { Tool } from './tool.js';
import { wrapLines } from './wrap-lines.js';

const MAX_WIDTH = 100;
const MIN_WIDTH = 40;

const widthOf = (columns: number) => Math.max(MIN_WIDTH, Math.min(columns, MAX_WIDTH));

/** The argument parser of a tool. It also makes the first part of --help, for a terminal of so many columns. */
export function parserOf<O, R>(tool: Tool<O, R>, version: string, columns = MAX_WIDTH) {
  const { name, summary } = tool;
  const [positional, key, describe] = positionalOf(tool);
  const flags = flagsOf(tool);
  const withValue = Object.keys(flags).filter((flag) => flags[flag]!.type !== 'boolean');
  return yargs()
    .scriptName(name)
    .locale('en')
    .wrap(widthOf(columns))
    .parserConfiguration({ 'boolean-negation': false })
    .command(`$0 ${positional}`, summary, (command) => command.positional(key, { type: 'string', describe }))
    .options(flags)
    .requiresArg(withValue)
    .strictOptions()
    .exitProcess(false)
    .version(version)
    .help()
    .alias('help', 'h');
}

/** The positional argument as yargs writes it, its name, and its description. */
function positionalOf<O, R>({ fileArgument }: Tool<O, R>): [string, string, string] {
  return fileArgument === undefined
    ? ['[url]', 'url', 'The same as --redis-url']
    : ['<file>', 'file', fileArgument];
}

/** What --help prints below the parser's own text: the examples and the exit codes. */
export function moreHelp<O, R>(tool: Tool<O, R>, columns = MAX_WIDTH): string {
  const width = widthOf(columns);
  return [...exampleLines(tool, width), '', ...wrapLines(exitCodesHelp(tool), width)].join('\n');
}

/** Each command line has a line of its own, so that no line break makes it read like another command. */
function exampleLines<O, R>({ name, examples }: Tool<O, R>, width: number): string[] {
  const lines = examples.flatMap(([words, what]) => [
    ...commandLines(`${name} ${words}`.trim(), width),
    ...wrapLines([`      ${what}`], width),
  ]);
  return ['Examples:', ...lines];
}

/** Breaks a long command with a backslash, as a shell reads it. */
function commandLines(command: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const part of command.split(/ (?=--)/)) {
    const longer = current === '' ? `  ${part}` : `${current} ${part}`;
    if (current !== '' && longer.length > width - 2) {
      lines.push(`${current} \\`);
      current = `    ${part}`;
    } else current = longer;
  }
  return [...lines, current];
}
