import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Slot } from '../src/slot.js';
import { TOOLS } from '../src/tools.js';

const PACKAGES = [...new Set(['core', ...TOOLS.map(({ tool }) => tool)])];
/** The lock's own scripts, and the one that has its check in itself. */
const OWN = ['take-lock.lua', 'renew-lock.lua', 'flush-database.lua'];

interface Source {
  path: string;
  text: string;
}

let slot: Slot;
/** Names of Redis' commands that write. */
let writing: ReadonlySet<string>;
beforeAll(async () => {
  slot = await Slot.start();
  const names = (await slot.client.sendCommand(['ACL', 'CAT', 'write'])) as unknown as string[];
  writing = new Set(names.map((name) => name.toUpperCase()));
});
afterAll(() => slot.stop());

function sourcesOf(folder: string, ending: string): Source[] {
  const root = new URL(`../../${folder}/src/`, import.meta.url);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending) && !path.endsWith('.test.ts'))
    .map((path) => ({ path: `${folder}/src/${path}`, text: readFileSync(new URL(path, root), 'utf8') }));
}

/** The scripts of a package that have a writing command: any name of one in capitals, and any that is called. */
function writers(folder: string): Source[] {
  return sourcesOf(folder, '.lua').filter(({ text }) => {
    const named = [...text.matchAll(/['"]([A-Z]+)['"]/g), ...text.matchAll(/call\(\s*['"](\w+)['"]/g)];
    return named.some(([, name]) => writing.has(name!.toUpperCase()));
  });
}

/** The parts of each script that a package loads to write with it, as they stand in its source. */
function loadedToWrite(folder: string): string[][] {
  return sourcesOf(folder, '.ts').flatMap(({ text }) => {
    const parts = /const PARTS = \[(.*?)\];/s.exec(text)?.[1] ?? '';
    return [...text.matchAll(/\bload(\w*)Script\(([^;{]*?)\);/gs)]
      .filter(([, how]) => !how!.startsWith('Reading'))
      .map(([, , list]) =>
        list!
          .replace('...PARTS', parts)
          .split(',')
          .map((part) => part.trim()),
      )
      .map((list) => list.filter((part) => part !== '' && part !== 'import.meta.url'));
  });
}

test.each(PACKAGES)(
  'each script of %s that writes is loaded behind the head that checks the lock',
  (folder) => {
    const loaded = loadedToWrite(folder);
    const scripts = writers(folder).filter(({ path }) => !OWN.includes(basename(path)));
    const heads = scripts.map(({ path }) => [
      path,
      ...new Set(loaded.filter((parts) => parts.includes(`'./${basename(path)}'`)).map(([head]) => head)),
    ]);
    expect(heads).toEqual(scripts.map(({ path }) => [path, 'UNDER_LOCK']));
  },
);

test('those are all that there are', () => {
  const found = PACKAGES.flatMap(writers).map(({ path }) => basename(path));
  expect(found).toEqual(expect.arrayContaining(OWN));
  expect(found.length).toBeGreaterThan(12);
});

test('a flush sees to the lock before anything else', () => {
  const [flush] = sourcesOf('reset-redis', '.lua').filter(({ path }) => path.endsWith('/flush-database.lua'));
  const code = flush!.text.replace(/^(--.*)?\n/gm, '');
  expect(code).toMatch(/^local lost = lock_lost\(KEYS\[1\], ARGV\[1\]\)\nif lost then return lost end\n/);
  const loaded = loadedToWrite('reset-redis').filter((parts) => parts.includes("'./flush-database.lua'"));
  expect(loaded.map(([head]) => head)).toEqual(['LOCK_LOST']);
});

test('nothing else than a script writes', () => {
  const sent = PACKAGES.flatMap((folder) => sourcesOf(folder, '.ts')).flatMap(({ path, text }) =>
    [...text.matchAll(/\[\s*['"`]([A-Za-z]+)['"`]\s*,/g)]
      .map(([, name]) => name!)
      .filter((name) => name === name.toUpperCase() && writing.has(name))
      .map((name) => `${path} sends ${name}`),
  );
  expect(sent).toEqual([]);
});
