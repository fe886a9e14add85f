import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  depsOf,
  openTaskCounter,
  type Redis,
  TASK_STATES,
  type TaskCounterOptions,
  targetOf,
} from '@atf/core';
import { STATES } from '@atf/sandbox';
import { useEmptyRedis } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';

const fixture = useEmptyRedis();

const KNOWN = ['PENDING', 'ACTIVE', 'COMPLETED', 'FAILED', 'SCHEDULED', 'DLQ'];
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Each line of a source or a document that spells a state: `file:line`. */
function placesThatSpellStates(): string[] {
  const spelled = new RegExp(`\\b(${KNOWN.join('|')})\\b`);
  const folders = readdirSync(join(ROOT, 'packages')).flatMap((name) => [
    `packages/${name}`,
    `packages/${name}/src`,
  ]);
  const files = ['', 'docs', ...folders].flatMap((folder) =>
    filesIn(join(ROOT, folder), folder.endsWith('src')),
  );
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, i) => (spelled.test(line) ? [`${relative(ROOT, file)}:${i + 1}`] : [])),
  );
}

function filesIn(folder: string, recursive: boolean): string[] {
  try {
    const files = readdirSync(folder, { recursive, encoding: 'utf8' });
    return files
      .filter((file) => /\.(ts|lua|md)$/.test(file) && !file.endsWith('.test.ts'))
      .map((file) => join(folder, file));
  } catch {
    return []; // there is no such folder
  }
}

test('a state more, or one less, names the places that must follow', () => {
  const places = placesThatSpellStates();
  expect(places.map((place) => place.split(':')[0])).toEqual(
    expect.arrayContaining(['packages/core/src/counting/observed-state.lua', 'packages/sandbox/src/keys.ts']),
  );
  if (TASK_STATES.join() !== KNOWN.join())
    throw new Error(`The states have changed. Look at these places, and at this test:\n${places.join('\n')}`);
});

test('the sandbox, which has a model of its own, knows the same states', () => {
  expect([...STATES].sort()).toEqual([...TASK_STATES].sort());
});

test('each state is counted as itself, in one script and with tracking', async () => {
  for (const [i, state] of TASK_STATES.entries())
    for (let n = 0; n <= i; n++) await fixture.client.hSet(`task:${state}${n}`, 'state', state);
  const withTracking: TaskCounterOptions = { oneScriptUpTo: 0, oneScriptWithoutTrackingUpTo: 0 };
  for (const options of [{}, withTracking]) {
    const taskCounter = openTaskCounter(depsOf(targetOf(fixture.client as unknown as Redis)), options);
    const { counts } = await taskCounter.take();
    await taskCounter.close();
    expect(Object.entries(counts.states)).toEqual(TASK_STATES.map((state, i) => [state, i + 1]));
  }
});
