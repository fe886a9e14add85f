import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RedisInstance } from '../src/redis-instance.js';
import { BINS, TOOLS } from '../src/tools.js';

const PACKAGES = ['core', ...BINS];
/** The lock's own scripts. */
const OWN = ['take-lock.lua', 'renew-lock.lua'];

interface Source {
  path: string;
  text: string;
}

let instance: RedisInstance;
/** Names of Redis' commands that write. */
let writing: ReadonlySet<string>;
beforeAll(async () => {
  instance = await RedisInstance.start();
  const names = (await instance.client.sendCommand(['ACL', 'CAT', 'write'])) as unknown as string[];
  writing = new Set(names.map((name) => name.toUpperCase()));
});
afterAll(() => instance.stop());

function sourcesOf(folder: string, ending: string): Source[] {
  const root = new URL(`../../${folder}/src/`, import.meta.url);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending) && !path.endsWith('.test.ts'))
    .map((path) => ({ path: `${folder}/src/${path}`, text: readFileSync(new URL(path, root), 'utf8') }));
}

/** The scripts that a package loads for `how`, by the name of the loading function. */
function loadedBy(how: 'loadScript' | 'loadReadingScript', folder: string): Source[] {
  const names = sourcesOf(folder, '.ts').flatMap(({ text }) =>
    [...text.matchAll(new RegExp(`\\b${how}\\(\\s*import\\.meta\\.url,\\s*'\\./([^']+)'`, 'g'))].map(
      ([, name]) => name!,
    ),
  );
  return sourcesOf(folder, '.lua').filter(({ path }) => names.includes(basename(path)));
}

/** The first line of a script that is no comment and not empty. */
const firstLine = ({ text }: Source) => text.split('\n').find((line) => /^(---|[^-\s])/.test(line));

test('each tool that writes has fault cases', () => {
  const tested = new Set(TOOLS.map(({ tool }) => tool));
  const isReadOnly = (tool: string) =>
    readFileSync(new URL(`../../${tool}/src/cli.ts`, import.meta.url), 'utf8').includes('readOnly: true');
  expect(BINS.filter((tool) => !tested.has(tool))).toEqual(BINS.filter(isReadOnly));
});

test.each(PACKAGES)('each script of %s that may write first checks the lock', (folder) => {
  const scripts = loadedBy('loadScript', folder).filter(({ path }) => !OWN.includes(basename(path)));
  expect(scripts.map((script) => [script.path, firstLine(script)])).toEqual(
    scripts.map(({ path }) => [path, `--- @include "@atf/core/redis/under-lock"`]),
  );
});

test('those are all that there are', () => {
  const found = PACKAGES.flatMap((folder) => loadedBy('loadScript', folder)).map(({ path }) =>
    basename(path),
  );
  expect(found).toEqual(expect.arrayContaining(OWN));
  expect(found.length).toBeGreaterThan(12);
});

test('a script is loaded by its name beside the module: else the tests above miss it', () => {
  const calls = (text: string) => [...text.matchAll(/(?<!function )\bload(Reading)?Script\(/g)].length;
  for (const folder of PACKAGES) {
    const loaded = [...loadedBy('loadScript', folder), ...loadedBy('loadReadingScript', folder)];
    const called = sourcesOf(folder, '.ts').reduce((sum, { text }) => sum + calls(text), 0);
    expect([folder, called - (folder === 'core' ? 1 : 0)]).toEqual([folder, loaded.length]);
  }
});

test('nothing else than a script writes', () => {
  const sent = PACKAGES.flatMap((folder) => sourcesOf(folder, '.ts')).flatMap(({ path, text }) =>
    [...text.matchAll(/\[\s*['"`]([A-Za-z]+)['"`]\s*,/g)]
      .map(([, name]) => name!)
      .filter((name) => name === name.toUpperCase() && writing.has(name))
      .map((name) => `${path} sends ${name}`),
  );
  // It has expired already: the server checks a dump, and stores nothing.
  expect(sent).toEqual(['restore-backup/src/loadable-dumps.ts sends RESTORE']);
});
