import { AtfError, type FlagValues, parseDuration, parseRedisUrl } from '@atf/core/cli';
import { KINDS, type Kind } from './kinds.js';

/** What is only reported unless it is included by name. */
export const INCLUDABLE = ['failed'] as const;

export type Includable = (typeof INCLUDABLE)[number];

/** The tool's own options; each may be left out. */
export interface OwnOptions {
  /** An ACTIVE task younger than this is not stuck, a FAILED one not reported. Default 15 min: the hard limit of a task. */
  activeTimeoutMs?: number;
  /** A PENDING task changed within this time is not orphaned. Default 5 min. */
  pendingTimeoutMs?: number;
  /** A SCHEDULED task that is due for no longer than this is not overdue. Default 60 s. */
  scheduledGraceMs?: number;
  /** Put these back as well. Default: none. */
  include?: readonly Includable[];
  /** Look for these only. Default: all. */
  only?: readonly Kind[];
  /** Repair at most this many, oldest first. Default: all. */
  limit?: number;
  /** Where Celery's broker is. Default: beside the tasks, if it may be ours. */
  brokerUrl?: string;
}

/** The options with their defaults. */
export type Settings = Required<Omit<OwnOptions, 'limit' | 'brokerUrl'>> &
  Pick<OwnOptions, 'limit' | 'brokerUrl'>;

/** Fills in what was left out. Pure. @throws AtfError `USAGE` for a limit that is not a whole number above 0 */
export function settingsOf(options: OwnOptions): Settings {
  const { limit, include = [], only = KINDS } = options;
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    throw new AtfError('USAGE', '--limit is not a whole number above 0', { hint: 'Give one such as 100.' });
  }
  return {
    activeTimeoutMs: options.activeTimeoutMs ?? 15 * 60_000,
    pendingTimeoutMs: options.pendingTimeoutMs ?? 5 * 60_000,
    scheduledGraceMs: options.scheduledGraceMs ?? 60_000,
    include,
    only,
    ...(limit === undefined ? {} : { limit }),
    ...(options.brokerUrl === undefined ? {} : { brokerUrl: options.brokerUrl }),
  };
}

/** Reads the tool's own flags. @throws AtfError `USAGE` */
export function readOptions(flags: FlagValues): OwnOptions {
  const { activeTimeout, pendingTimeout, scheduledGrace, include, only, limit, brokerUrl } = flags;
  if (brokerUrl !== undefined) checkBrokerUrl(brokerUrl as string);
  const options: OwnOptions = {
    ...duration('activeTimeoutMs', activeTimeout, '--active-timeout'),
    ...duration('pendingTimeoutMs', pendingTimeout, '--pending-timeout'),
    ...duration('scheduledGraceMs', scheduledGrace, '--scheduled-grace'),
    ...(include === undefined ? {} : { include: include as Includable[] }),
    ...(only === undefined ? {} : { only: only as Kind[] }),
    ...(limit === undefined ? {} : { limit: limit as number }),
    ...(brokerUrl === undefined ? {} : { brokerUrl: brokerUrl as string }),
  };
  const settings = settingsOf(options);
  const missed = settings.include.find((kind) => !settings.only.includes(kind));
  if (missed) {
    throw new AtfError('USAGE', `--include ${missed} contradicts --only`, {
      hint: `Name ${missed} in --only too, or leave one of them out.`,
    });
  }
  return options;
}

function duration(
  name: 'activeTimeoutMs' | 'pendingTimeoutMs' | 'scheduledGraceMs',
  value: unknown,
  flag: string,
) {
  return value === undefined ? {} : { [name]: parseDuration(value as string, flag) };
}

function checkBrokerUrl(url: string): void {
  try {
    parseRedisUrl(url);
  } catch (error) {
    if (!(error instanceof AtfError)) throw error;
    throw new AtfError('USAGE', 'the URL of --broker-url cannot be used', {
      ...(error.why ? { why: error.why } : {}),
      ...(error.hint ? { hint: error.hint } : {}),
    });
  }
}
