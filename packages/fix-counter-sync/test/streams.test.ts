import { spawnSync } from 'node:child_process';
import { commandOfBin, counterKey, runBin } from '@atf/sandbox';
import { useRecording } from '@atf/sandbox/jest';
import { describe, expect, test } from '@jest/globals';

const recorded = useRecording('fix-counter-sync');

/** A line of shell in which `tool` is fix-counter-sync on the recording; its exit code is told on stderr. */
function shell(line: string) {
  const command = [...commandOfBin('fix-counter-sync'), '--redis-url', recorded.redis.url];
  const { PATH = '' } = process.env;
  const script = `tool() { ${command.map((word) => `'${word}'`).join(' ')} "$@"; echo "exit $?" >&2; }; ${line}`;
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH } });
  return { stdout, stderr };
}

describe("the monitoring line of operators' scripts", () => {
  const LINE = 'tool | grep "Fixed.*discrepancies" && echo "Counter sync issues detected and fixed"';

  test('matches where something was fixed', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '4');
    expect(shell(LINE)).toEqual({
      stdout: '✅ Fixed 1 counter discrepancies:\nCounter sync issues detected and fixed\n',
      stderr: 'exit 0\n',
    });
  });

  test('does not match where all is well, nor after a look, nor after a failure', async () => {
    expect(shell(LINE)).toEqual({ stdout: '', stderr: 'exit 0\n' });
    await recorded.client.set(counterKey('ACTIVE'), '4');
    expect(shell(LINE.replace('tool', 'tool --check'))).toEqual({ stdout: '', stderr: 'exit 1\n' });
    expect(shell(LINE.replace('tool', 'tool --dry-run'))).toEqual({ stdout: '', stderr: 'exit 0\n' });
    expect(shell(LINE.replace('tool', 'tool redis://127.0.0.1:1')).stdout).toBe('');
  });
});

describe('a reader that closes the pipe early is no error', () => {
  test('after the first line', () => {
    expect(shell('tool | head -1')).toEqual({
      stdout: '🔍 Analyzing Redis task state counters...\n',
      stderr: 'exit 0\n',
    });
  });

  test.each(['tool | true', 'tool --json | true', 'tool --help | true', 'tool >&-'])(
    'before it: %s',
    (line) => {
      expect(shell(line).stderr).toBe('exit 0\n');
    },
  );

  test('and the exit code stays that of the work', async () => {
    await recorded.client.set(counterKey('ACTIVE'), '4');
    expect(shell('tool --check | true').stderr).toBe('exit 1\n');
    expect(shell('tool --check 2>&- | true').stderr).toBe('');
  });
});

test.each(['tool > /dev/full', 'tool --json > /dev/full'])(
  'a full disk is told in two lines, exit 1: %s',
  (line) => {
    expect(shell(line).stderr).toMatch(
      /^❌ fix-counter-sync: the report could not be written\n {3}Why: ENOSPC.*\nexit 1\n$/,
    );
  },
);

test('there is no colour in a pipe, whatever the environment says', async () => {
  await recorded.client.set(counterKey('ACTIVE'), '4');
  for (const env of [
    { FORCE_COLOR: '1' },
    { NO_COLOR: '1' },
    { CLICOLOR_FORCE: '1', TERM: 'xterm-256color' },
  ]) {
    const { stdout, stderr } = await runBin('fix-counter-sync', [recorded.redis.url, '--check'], { env });
    expect(stdout + stderr).not.toContain('\u001b');
  }
});
