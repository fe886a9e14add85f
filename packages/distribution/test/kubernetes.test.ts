import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { cronJobComplaints } from '../src/kubernetes.js';
import { ROOT } from '../src/tools.js';

const manifest = readFileSync(`${ROOT}/examples/kubernetes/cronjob.yaml`, 'utf8');
const broken = (from: string, to: string) => {
  expect(manifest).toContain(from);
  return cronJobComplaints(manifest.replace(from, to));
};

test('the API has every key of the CronJob', async () => {
  expect(await cronJobComplaints(manifest)).toEqual([]);
});

test.each([
  [
    'a key that does not exist',
    'concurrencyPolicy:',
    'concurrency:',
    /concurrency.* does not exist in type 'CronJobSpec'/,
  ],
  ['one deep inside', 'secretKeyRef:', 'secretRef:', /secretRef.* does not exist in type 'EnvVarSource'/],
  [
    'a value of another type',
    'backoffLimit: 0',
    'backoffLimit: none',
    /'string' is not assignable to type 'number'/,
  ],
  ['another kind', 'kind: CronJob', 'kind: Cronjob', /"Cronjob"' is not assignable to type '"CronJob"'/],
  ['a missing key', "  schedule: '*/5 * * * *'\n", '', /'schedule' is missing/],
])('it rejects %s', async (_, from, to, complaint) => {
  expect((await broken(from, to)).join('\n')).toMatch(complaint);
});
