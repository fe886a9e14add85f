import { withoutLogin } from '../redis/redis-url.js';

/**
 * Turns yargs' message about a command line into one line that names each flag as it was typed. It repeats no values, because
 * they may contain a password, except the value of a flag with choices. Pure.
 */
export function usageMessage(
  message: string,
  argv: readonly string[],
  flags: Readonly<Record<string, unknown>>,
): string {
  const [, lacking] = /^Not enough arguments following: (.*)$/s.exec(message) ?? [];
  if (lacking !== undefined) return `${asTyped(lacking, argv)} needs a value`;
  if (/^Not enough non-option arguments/.test(message)) return 'the argument <file> is missing';
  const [, unknown] = /^Unknown arguments?: (.*)$/s.exec(message) ?? [];
  if (unknown !== undefined) {
    // A flag's name is unknown only if it was typed without dashes.
    const names = new Set(
      unknown.split(', ').map((name) => (Object.hasOwn(flags, name) ? name : asTyped(name, argv))),
    );
    return `Unknown argument${names.size > 1 ? 's' : ''}: ${[...names].join(', ')}`;
  }
  const wrong = [...message.matchAll(/^ {2}Argument: (.*?), Given: (.*), Choices: (.*)$/gm)];
  if (wrong.length === 0) return message;
  return wrong
    .map(
      ([, name, given, choices]) => `${asTyped(name!, argv)} takes ${alternatives(choices!)}, not ${given}`,
    )
    .join('; ');
}

/** A flag as it was typed, found by yargs' name for it. Without a match, that name. */
export function asTyped(name: string, argv: readonly string[]): string {
  for (const word of argv) {
    const [written] = word.split('=') as [string];
    const [key] = written.replace(/^-+/, '').split('.') as [string];
    if (key === written || (key !== name && camelCase(key) !== name)) continue;
    return written.includes('://') ? withoutLogin(word) : written;
  }
  const group = name.length === 1 && argv.find((word) => /^-[^-]/.test(word) && word.includes(name));
  return group ? group.slice(0, 2) : name;
}

/** The name in camel case, as yargs writes it. */
function camelCase(name: string): string {
  const text = name === name.toUpperCase() ? name.toLowerCase() : name;
  return text.replace(/[-_]+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

function alternatives(choices: string): string {
  return choices.replace(/, (?=[^,]*$)/, ' or ');
}
