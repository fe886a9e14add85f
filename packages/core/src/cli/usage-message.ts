/** Turns yargs' message about a command line into one line. It repeats no values, except of a flag with choices. Pure. */
export function usageMessage(message: string): string {
  const [, lacking] = /^Not enough arguments following: (.*)$/s.exec(message) ?? [];
  if (lacking !== undefined) return `${flagNamed(lacking)} needs a value`;
  if (/^Not enough non-option arguments/.test(message)) return 'the argument <file> is missing';
  const wrong = [...message.matchAll(/^ {2}Argument: (.*?), Given: (.*), Choices: (.*)$/gm)];
  if (wrong.length === 0) return message;
  return wrong
    .map(([, name, given, choices]) => `${flagNamed(name!)} takes ${alternatives(choices!)}, not ${given}`)
    .join('; ');
}

/** A flag as it is typed, from yargs' name for it, which may be in camel case. */
export function flagNamed(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function alternatives(choices: string): string {
  return choices.replace(/, (?=[^,]*$)/, ' or ');
}
