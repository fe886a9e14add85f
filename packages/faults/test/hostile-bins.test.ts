import { existsSync } from 'node:fs';
import { runBin } from '@atf/sandbox';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dumpOf } from '../src/dump.js';
import { hostileDatabase, writeKeys } from '../src/hostile/databases.js';
import { expectPlain, expectPrintable } from '../src/plain.js';
import { reportOf } from '../src/reports.js';
import { isLong, naming, SEED } from '../src/test-size.js';
import { nameOf, TOOLS } from '../src/tools.js';
import { useTarget } from './use-target.js';

const DATABASES = isLong ? 10 : 1;

const system = useTarget();

describe.each(TOOLS.map((toolCase, i) => [nameOf(toolCase), toolCase, i] as const))(
  '%s',
  (_, toolCase, place) => {
    const databases = fc.sample(hostileDatabase(400), { seed: SEED + place, numRuns: DATABASES });

    test('on hostile data does not crash, prints plain text and a valid document, and neither a look nor a no changes anything', async () => {
      const { instance, client } = system;
      for (const [i, keys] of databases.entries()) {
        await naming(`database ${i}`, async () => {
          await writeKeys(client, keys);
          const file = instance.path();
          if (toolCase.restores) {
            await run(toolCase.restores.tool, toolCase.restores.repair(file));
            if (!existsSync(file)) return; // nothing was deleted, and so nothing saved
            await writeKeys(client, keys.slice(0, keys.length / 2));
          }
          const before = await dumpOf(client);
          await run(toolCase.tool, toolCase.check(file));
          await run(toolCase.tool, [...toolCase.check(file), '--json']);
          if (toolCase.asks) await run(toolCase.tool, toolCase.asks(file), 'no\n');
          expect(await dumpOf(client)).toEqual(before);
          await run(toolCase.tool, [...toolCase.repair(file), '--json']);
          await instance.dropLock();
          await run(toolCase.tool, toolCase.repair(toolCase.restores ? file : instance.path()));
          await instance.dropLock();
        });
      }
    });
  },
);

/** A guard may refuse such data: that nothing is sound in it looks like a wrong database. So is a question that got no yes. */
const isRefusal = (code: number | null) => code === 3;

async function run(tool: string, args: readonly string[], stdin = ''): Promise<void> {
  const own = [...args, '--redis-url', system.instance.redis.url];
  const ended = await runBin(tool, own, { stdin, env: { DEBUG: 'atf' } });
  const { code, stdout, stderr } = ended;
  await naming(`${tool} ${args.join(' ')}\n${stdout.slice(0, 500)}${stderr.slice(0, 1_500)}`, async () => {
    expect(code === 0 || code === 1 || isRefusal(code)).toBe(true);
    expect(stderr).not.toMatch(/INTERNAL|unexpected error|(Type|Range|Syntax|Reference)Error/);
    expectPlain(stderr);
    if (!args.includes('--json')) return expectPlain(stdout);
    expectPrintable(stdout);
    expect((await reportOf(tool, ended)).error?.code).not.toBe('INTERNAL');
  });
}
