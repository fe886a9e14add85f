import { AtfError, type FlagValues, SUSPICIOUS_CODES } from '@atf/core/cli';

/** Reasons that make a task suspicious, and that --include may name. */
export const INCLUDABLE = SUSPICIOUS_CODES;

export type Includable = (typeof INCLUDABLE)[number];

/** The tool's own options. */
export interface OwnOptions {
  /** Also delete tasks that are suspicious for these reasons. */
  include: readonly Includable[];
  /** Refuse to delete more than this share of all tasks, 0 to 100. */
  maxDefectivePercent: number;
  /** A new file for everything that is deleted. */
  backup?: string;
}

/** Reads the tool's own flags. @throws AtfError `USAGE` */
export function readOptions({ include, maxDefectivePercent, backup }: FlagValues): OwnOptions {
  const percent = maxDefectivePercent as number;
  if (!(percent >= 0 && percent <= 100)) {
    throw new AtfError('USAGE', '--max-defective-percent is not a number from 0 to 100', {
      hint: 'Give one such as 50.',
    });
  }
  return {
    include: (include as Includable[] | undefined) ?? [],
    maxDefectivePercent: percent,
    ...(backup === undefined ? {} : { backup: backup as string }),
  };
}
