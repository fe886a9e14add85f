import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT, TOOLS } from '../src/tools.js';

const { services } = parse(readFileSync(`${ROOT}/compose.yaml`, 'utf8'), { merge: true });

test('compose.yaml has a service for each tool, in the profile tools, and a Redis outside of it', () => {
  const { redis, ...tools } = services;
  const names = TOOLS.map(({ bin }) => (bin === 'reset-redis' ? 'reset' : bin));
  expect(Object.keys(tools).sort()).toEqual(names.sort());
  for (const [name, { entrypoint, profiles }] of Object.entries<Record<string, unknown>>(tools)) {
    expect({ entrypoint, profiles }).toEqual({
      entrypoint: [name === 'reset' ? 'reset-redis' : name],
      profiles: ['tools'],
    });
  }
  expect(redis.profiles).toBeUndefined();
});
