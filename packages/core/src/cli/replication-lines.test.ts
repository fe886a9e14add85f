import { expect, test } from '@jest/globals';
import type { Report } from '../report/report.js';
import { replicationLines } from './replication-lines.js';
import { styleFor } from './style.js';

const style = styleFor({}, true, {});
const TARGET = { host: 'db', port: 6379, database: 0, tls: false, user: null };
const lines = (part: Partial<Pick<Report<unknown>, 'replicaConfirmation' | 'target'>>) =>
  replicationLines({ replicaConfirmation: 'not-needed', target: TARGET, ...part }, style);

test.each([
  ['not-needed', []],
  ['confirmed', []],
  ['failed', ['❌ No replica has confirmed the changes: a failover may lose them.']],
  [
    'not-permitted',
    [
      '❌ No replica has confirmed the changes, because this user may not run WAIT: a failover may lose them.',
    ],
  ],
  [
    'unknown',
    [
      '⚠️  No replica has confirmed the changes, and Redis does not tell whether it has replicas (INFO is refused).',
    ],
  ],
] as const)('what a run wrote is %s: %j', (replicaConfirmation, expected) => {
  expect(lines({ replicaConfirmation })).toEqual(expected);
});

test.each([
  [3, 'It last heard from its primary 3 s ago'],
  [null, 'It is not known when it last heard from its primary'],
])('a replica says that it is one, and how far it lags (%p)', (lagSeconds, heard) => {
  expect(lines({ target: { ...TARGET, replica: { primary: 'db-1:6379', lagSeconds } } })).toEqual([
    `⚠️  This server is a replica of db-1:6379. ${heard}, so newer changes may be missing.`,
  ]);
});
