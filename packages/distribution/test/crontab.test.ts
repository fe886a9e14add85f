import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { crontabComplaints, readCrontab } from '../src/crontab.js';
import { ROOT, TOOLS } from '../src/tools.js';

const text = readFileSync(`${ROOT}/examples/crontab`, 'utf8');

test('the crontab has nothing wrong', () => {
  expect(crontabComplaints(text)).toEqual([]);
  expect(readCrontab(text).jobs.length).toBeGreaterThan(1);
});

describe('a broken copy', () => {
  const command = 'fix-counter-sync';
  test.each([
    ['61 * * * *', command, `61 is no time, before: ${command}`],
    ['* 24 * * *', command, `24 is no time, before: ${command}`],
    ['* * 0 * *', command, `0 is no time, before: ${command}`],
    ['*/0 * * * *', command, `*/0 is no time, before: ${command}`],
    ['5- * * * *', command, `5- is no time, before: ${command}`],
    ['x * * * *', command, `x is no time, before: ${command}`],
    ['* * * * *', 'date +%s', 'cron takes a percent sign as the end of the line: date +%s'],
    [
      '* * * * *',
      'one --wait 10m --max-runtime 600s',
      'it may wait for longer than it may run: one --wait 10m --max-runtime 600s',
    ],
    ['* * * * *', 'npx one', 'it depends on a registry: npx one'],
    ['* * * * *', 'one redis://a:b@c/0', 'it holds a password: one redis://a:b@c/0'],
  ])('%s %s', (schedule, line, complaint) => {
    expect(crontabComplaints(`${text}${schedule}  ${line}\n`)).toEqual([complaint]);
  });

  test.each(['0 0 1 1 0', '*/5,7 1-5 1-31/2 12 7'])('not one with %s', (schedule) => {
    expect(crontabComplaints(`${text}${schedule}  ${command}\n`)).toEqual([]);
  });
});

test.each(TOOLS)('the cron lines in the README of $bin stand in the crontab, too', ({ readme }) => {
  const blocks = readFileSync(readme, 'utf8').matchAll(/```cron\n([\s\S]*?)```/g);
  for (const [, lines = ''] of blocks) {
    for (const line of lines.trim().split('\n')) expect(text.split('\n')).toContain(line);
  }
});
