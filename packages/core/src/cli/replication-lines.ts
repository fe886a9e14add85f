import { plainText } from '../model/plain-text.js';
import type { ReplicaConfirmation } from '../redis/replica-confirmation.js';
import type { TargetDescription } from '../redis/target-schema.js';
import type { Report } from '../report/report.js';
import type { Style } from './style.js';

/** What a report says if no replica is known to have what was written. Empty: nothing to say. */
export const UNCONFIRMED: Record<ReplicaConfirmation, string> = {
  'not-needed': '',
  confirmed: '',
  failed: 'No replica has confirmed the changes: a failover may lose them.',
  'not-permitted':
    'No replica has confirmed the changes, because this user may not run WAIT: a failover may lose them.',
  unknown:
    'No replica has confirmed the changes, and Redis does not tell whether it has replicas (INFO is refused).',
};

/** The first lines of a report: that its changes are unconfirmed, and that its data is a replica's. Pure. */
export function replicationLines(
  { replicaConfirmation, target }: Pick<Report<unknown>, 'replicaConfirmation' | 'target'>,
  style: Style,
): string[] {
  const unconfirmed = UNCONFIRMED[replicaConfirmation];
  return [
    ...(unconfirmed
      ? [replicaConfirmation === 'unknown' ? `⚠️  ${unconfirmed}` : style.bad(`❌ ${unconfirmed}`)]
      : []),
    ...(target?.replica ? [`⚠️  ${replicaText(target.replica)}`] : []),
  ];
}

function replicaText({ primary, lagSeconds }: NonNullable<TargetDescription['replica']>): string {
  const heard =
    lagSeconds === null
      ? 'It is not known when it last heard from its primary'
      : `It last heard from its primary ${lagSeconds} s ago`;
  return `This server is a replica of ${plainText(primary, 100)}. ${heard}, so newer changes may be missing.`;
}
