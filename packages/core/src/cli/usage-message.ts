import { nearest } from './nearest.js';

/**
 * Turns yargs' message about a command line into one line. It repeats no values, except of a flag with choices. The hint names
 * the choices. Pure.
 */
export function usageMessage(message: string): { message: string; hint?: string } {
  const [, lacking] = /^Not enough arguments following: (.*)$/s.exec(message) ?? [];
  if (lacking !== undefined) return { message: `--${lacking} needs a value` };
  if (/^Not enough non-option arguments/.test(message)) return { message: 'the argument <file> is missing' };
  const [, name, given, listed] = /^ {2}Argument: (.*?), Given: (.*), Choices: (.*)$/m.exec(message) ?? [];
  if (name === undefined) return { message };
  const [wrong] = JSON.parse(`[${given}]`) as [unknown];
  const choices = JSON.parse(`[${listed}]`) as string[];
  const meant = nearest(String(wrong), choices);
  return {
    message: `--${name} does not take "${wrong}"${meant ? `; did you mean "${meant}"?` : ''}`,
    hint: `--${name} takes ${listed!.replace(/, (?=[^,]*$)/, ' or ')}.`,
  };
}
