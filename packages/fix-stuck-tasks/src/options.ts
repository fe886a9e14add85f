import { AtfError, type FlagValues, parseDuration, parseRedisUrl } from '@atf/core/cli';
import { KINDS, type Kind } from './kinds.js';

/** Kinds that are only reported unless --include names them. */
export const INCLUDABLE = ['failed'] as const;

export type Includable = (typeof INCLUDABLE)[number];

/** Durations, as the flags take them. 15 min is the time after which Celery kills a task of AsyncTaskFlow. */
export const DEFAULTS = { activeTimeout: '15m', pendingTimeout: '5m', scheduledGrace: '60s' } as const;

/** The tool's own options; each may be left out. The defaults of the durations are `DEFAULTS`. */
export interface OwnOptions {
  /** An ACTIVE task that changed within this time is not stuck, and a FAILED one is not reported. */
  activeTimeoutMs?: number;
  /** A PENDING task that changed within this time is not orphaned. */
  pendingTimeoutMs?: number;
  /** A SCHEDULED task that has not been due for longer than this is not overdue. */
  scheduledGraceMs?: number;
  /** Put these back as well. Default: no kind. */
  include?: readonly Includable[];
  /** Find only these kinds. Default: all. */
  only?: readonly Kind[];
  /** Repair at most this many, oldest first. Default: all. */
  limit?: number;
  /** Where Celery's broker is. Default: beside the tasks, if it may be ours. */
  brokerUrl?: string;
}

/** The options with their defaults. */
export type Settings = Required<Omit<OwnOptions, 'limit' | 'brokerUrl'>> &
  Pick<OwnOptions, 'limit' | 'brokerUrl'>;

/** Fills in the defaults. Pure. @throws AtfError `USAGE` for a limit that is not a whole number above 0 */
export function settingsOf(options: OwnOptions): Settings {
  const { limit, include = [], only = KINDS } = options;
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    throw new AtfError('USAGE', '--limit is not a whole number above 0', { hint: 'Give one such as 100.' });
  }
  return {
    activeTimeoutMs: options.activeTimeoutMs ?? parseDuration(DEFAULTS.activeTimeout, '--active-timeout'),
    pendingTimeoutMs: options.pendingTimeoutMs ?? parseDuration(DEFAULTS.pendingTimeout, '--pending-timeout'),
    scheduledGraceMs: options.scheduledGraceMs ?? parseDuration(DEFAULTS.scheduledGrace, '--scheduled-grace'),
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
