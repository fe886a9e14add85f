import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { demo, type RunTool } from '../src/cli/demo.js';
import { parseFaults } from '../src/cli/fault-flags.js';
import { runSandboxCli } from '../src/cli/run-sandbox-cli.js';
import type { ServeFlags } from '../src/cli/serve.js';
import { checkModel, connectClient, counterKey, countStates, STATES } from '../src/index.js';
import { until } from '../src/jest/index.js';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

function runCli(...args: string[]): { child: ChildProcess; output: () => string; ended: Promise<unknown[]> } {
  const node = ['--conditions=@atf/source', '--import', 'tsx', CLI];
  const child = spawn(process.execPath, [...node, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return { child, output: () => text, ended: once(child, 'close') };
}

/** Runs the demo with its output kept back. */
async function demoWith(runTool: RunTool): Promise<{ code: number; text: string }> {
  let text = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    return { code: await demo(runTool), text };
  } finally {
    write.mockRestore();
  }
}

describe('sandbox demo', () => {
  test('ends with the drift repaired, by the real tool', async () => {
    const { output, ended } = runCli('demo');
    expect([await ended, output()]).toEqual([[0, null], expect.stringContaining('The drift was repaired')]);
    expect(output()).toContain('Exit code 1: something is wrong, and nothing was written.');
    expect(output()).toContain('ACTIVE                    3                       0   ← wrong');
  });

  test('fails where the tool repairs nothing', async () => {
    const { code, text } = await demoWith(async (args) => (args.includes('--check') ? 1 : 0));
    expect(code).toBe(1);
    expect(text).toContain('What the monitor sees now: exit code 1 instead of 0');
    expect(text).toContain('1 counters are still wrong');
    expect(text).not.toContain('The drift was repaired');
  });

  test('fails where the tool says the wrong thing about the right repair', async () => {
    const { code, text } = await demoWith(async ([, url]) => {
      const client = await connectClient(url as string);
      const { states } = await countStates(client);
      for (const state of STATES) await client.set(counterKey(state), states[state]);
      await client.close();
      return 0;
    });
    expect(code).toBe(1);
    expect(text).toContain('What a monitor sees: exit code 0 instead of 1');
  });
});

describe('sandbox serve', () => {
  test('fills a Redis as asked, says how to use it, and is gone after an interrupt', async () => {
    const { child, output, ended } = runCli('serve', '--tasks=50', '--fault=stuckActive=3', '--recording');
    await until(() => output().includes('Ctrl-C'));
    const url = /redis:\/\/\S+/.exec(output())?.[0] as string;
    expect(output()).toContain('38 recorded tasks, 50 seeded tasks, 3 stuckActive');
    const client = await connectClient(url);
    expect((await countStates(client)).tasks).toBe(91);
    const found = await checkModel(client);
    expect(found.stuckActive).toHaveLength(3 + 3);
    expect(found.counterDrift).toBeUndefined();
    client.destroy();
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(output()).toContain('Stopped.');
    await expect(connectClient(url)).rejects.toThrow('ECONNREFUSED');
  });

  test('lets workers go on with --traffic', async () => {
    const { child, output, ended } = runCli('serve', '--tasks', '50', '--traffic', '--rate', '0');
    await until(() => output().includes('Ctrl-C'));
    const client = await connectClient(/redis:\/\/\S+/.exec(output())?.[0] as string);
    const changes = async () =>
      /rdb_changes_since_last_save:(\d+)/.exec(await client.info('persistence'))?.[1];
    const before = Number(await changes());
    await until(async () => Number(await changes()) > before + 100);
    client.destroy();
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(output()).toMatch(/Stopped after [1-9]\d+ transitions/);
  });
});

describe('the flags', () => {
  const refused = { demo: async () => 9, exactness: async () => 9, serve: async () => 9 };
  const parse = async (...argv: string[]): Promise<number> => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      return await runSandboxCli(argv, refused);
    } finally {
      write.mockRestore();
    }
  };

  test('have defaults', async () => {
    let seen: ServeFlags | undefined;
    const serve = async (flags: ServeFlags): Promise<number> => {
      seen = flags;
      return 0;
    };
    expect(await runSandboxCli(['serve'], { ...refused, serve })).toBe(0);
    expect(seen).toMatchObject({ port: 0, seed: 1, fault: [], counters: true, traffic: false });
    expect(seen?.tasks).toBeUndefined();
  });

  test.each([[[]], [['dance']], [['serve', '--taks', '3']]])('%j is a usage error', async (argv) => {
    expect(await parse(...argv)).toBe(2);
  });

  test('name faults with or without a count', () => {
    expect(parseFaults(['stuckActive=3', 'ghostEntry', 'counterDrift', 'celeryMeta=5'])).toEqual({
      faults: { stuckActive: 3, ghostEntry: 1, counterDrift: { ACTIVE: 3 } },
      celeryMeta: { count: 5, withTtl: 2 },
    });
    expect(parseFaults(['counterDrift=-2'])).toEqual({ faults: { counterDrift: { ACTIVE: -2 } } });
  });

  test.each(['sunburn', 'stuckActive=many', 'stuckActive=-1'])('do not know the fault %s', (flag) => {
    expect(() => parseFaults([flag])).toThrow(RangeError);
  });
});
