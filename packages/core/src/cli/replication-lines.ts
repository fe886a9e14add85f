import { plainText } from '../model/plain-text.js';
import type { Report } from '../report/report.js';
import type { Style } from './style.js';

/** What a report says if no replica is known to have what was written. Empty: nothing to say. */
export const UNCONFIRMED: Record<Report<unknown>['replicaConfirmation'], string> = {
  'not-needed': '',
  confirmed: '',
  failed: 'No replica has confirmed the changes: a failover may lose them.',
  'not-permitted':
    'The changes are unconfirmed: this user may not run WAIT, so no replica has confirmed them, and a failover may lose them.',
  unknown:
    'The changes are unconfirmed: this user may not run INFO, so it is not known whether a replica must confirm them.',
};

/** The first lines of a report: that its changes are unconfirmed, and that its data is a replica's. Pure. */
export function replicationLines(
  { replicaConfirmation, target }: Pick<Report<unknown>, 'replicaConfirmation' | 'target'>,
  style: Style,
): string[] {
  const unconfirmed = UNCONFIRMED[replicaConfirmation];
  return [
    ...(unconfirmed ? [style.bad(`❌ ${unconfirmed}`)] : []),
    ...(target?.replica ? [`⚠️  ${replicaText(target.replica)}`] : []),
  ];
}

function replicaText({
  primary,
  lagSeconds,
}: NonNullable<NonNullable<Report<unknown>['target']>['replica']>): string {
  const heard =
    lagSeconds === null
      ? 'it is not known when it last heard from it'
      : `it last heard from it ${lagSeconds} s ago`;
  return `This server is a replica of ${plainText(primary, 100)}, and ${heard}: newer changes may be missing.`;
}
