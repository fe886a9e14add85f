import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { nodeComplaint, OLDEST_NODE } from './node-version.js';

test.each(['20.19.0', '20.20.1', '22.0.0', '24.1.0'])('Node %s is new enough', (version) => {
  expect(nodeComplaint(version)).toBeUndefined();
});

test.each(['18.20.8', '20.18.3', '8.17.0'])('Node %s is too old', (version) => {
  expect(nodeComplaint(version)).toBe(`Node ${version} is too old: install Node 20.19 or newer`);
});

test('every manifest asks for the same version', () => {
  const packages = new URL('../../../', import.meta.url);
  const asked = readdirSync(packages).map(
    (name) => JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), 'utf8')).engines?.node,
  );
  expect([...new Set(asked)].filter((engine) => engine !== undefined)).toEqual([`>=${OLDEST_NODE}`]);
});
