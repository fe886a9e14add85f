/** The lines of a file of settings that the shell and systemd's `EnvironmentFile` read in different ways. */
export function settingsComplaints(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !/^[A-Z_]+='[^']*'$/.test(line))
    .map((line) => `read in two ways: ${line}`);
}
