import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { settingsComplaints } from '../src/settings.js';
import { ROOT } from '../src/tools.js';

const text = readFileSync(`${ROOT}/examples/atf.env`, 'utf8');

test('the shell and systemd read the settings alike', () => {
  expect(settingsComplaints(text)).toEqual([]);
  expect(text).toMatch(/^REDIS_URL=/m);
});

test.each([
  'REDIS_URL=redis://redis.internal:6379/0?db=1&x=2',
  "export REDIS_URL='redis://redis.internal:6379/0'",
  "REDIS_URL = 'redis://redis.internal:6379/0'",
  "REDIS_URL='redis://redis.internal:6379/0",
  "REDIS_URL='a'b'",
])('not in a broken copy: %s', (line) => {
  expect(settingsComplaints(`${text}${line}\n`)).toEqual([`read in two ways: ${line}`]);
});
