/** A crontab, read. */
export interface Crontab {
  environment: Record<string, string>;
  jobs: { schedule: string[]; command: string }[];
}

/** The least and the largest number of each field: minute, hour, day of the month, month, day of the week. */
const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

export function readCrontab(text: string): Crontab {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const assignments = lines.map((line) => /^(\w+)=(.*)$/.exec(line)).filter((match) => match !== null);
  return {
    environment: Object.fromEntries(assignments.map(([, name, value]) => [name, value])),
    jobs: lines
      .filter((line) => !/^\w+=/.test(line))
      .map((line) => {
        const words = line.split(/\s+/);
        return { schedule: words.slice(0, 5), command: line.replace(/^(\S+\s+){5}/, '') };
      }),
  };
}

/** What is wrong with a crontab, a line each. */
export function crontabComplaints(text: string): string[] {
  return readCrontab(text).jobs.flatMap(({ schedule, command }) => [
    ...schedule.flatMap((field, at) =>
      isField(field, RANGES[at]!) ? [] : [`${field} is no time, before: ${command}`],
    ),
    ...(/(?<!\\)%/.test(command) ? [`cron takes a percent sign as the end of the line: ${command}`] : []),
    ...(/\bnp[mx]\b/.test(command) ? [`it depends on a registry: ${command}`] : []),
    ...(waitsTooLong(command) ? [`it may wait for longer than it may run: ${command}`] : []),
    ...(/\/\/[^/\s]*:[^/\s]*@/.test(command) ? [`it holds a password: ${command}`] : []),
  ]);
}

/** --max-runtime includes the time of --wait. */
function waitsTooLong(command: string): boolean {
  const [wait, runtime] = ['wait', 'max-runtime'].map((flag) => {
    const [, amount, unit] = new RegExp(`--${flag} (\\d+)([smh])`).exec(command) ?? [];
    return Number(amount) * { s: 1, m: 60, h: 3_600 }[unit as 's' | 'm' | 'h'];
  });
  return wait! >= runtime!;
}

function isField(field: string, [least, largest]: readonly [number, number]): boolean {
  return field.split(',').every((part) => {
    const [, first, last, step] = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (!/^[*\d]/.test(part) || !/^(\*|\d+(-\d+)?)(\/\d+)?$/.test(part)) return false;
    return (
      [first, last].every((number) => number === undefined || (+number >= least && +number <= largest)) &&
      step !== '0'
    );
  });
}
