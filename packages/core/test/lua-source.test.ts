import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { useFolder } from '@atf/sandbox/jest';
import { expect, test } from '@jest/globals';
import { readLuaSource } from '../src/redis/lua-source.js';

const folder = useFolder();

function source(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return readLuaSource(pathToFileURL(join(folder, Object.keys(files)[0]!)));
}

test('an include stands in the place of its line, named relative to the file that includes it', () => {
  const files = {
    'main.lua': '-- Main.\n\n--- @include "./parts/one"\n\nreturn one()\n',
    'parts/one.lua': '--- @include "../two"\nlocal function one() return two() end\n',
    'two.lua': 'local function two() return 2 end\n',
  };
  expect(source(files)).toBe(
    '-- Main.\n\nlocal function two() return 2 end\nlocal function one() return two() end\n\nreturn one()\n',
  );
});

test('a file that is included twice stands there once, where it is first needed', () => {
  const files = {
    'twice.lua': '--- @include "./left"\n--- @include "./right"\nreturn 1\n',
    'left.lua': '--- @include "./shared"\n-- left',
    'right.lua': '--- @include "./shared"\n-- right',
    'shared.lua': '-- shared',
  };
  expect(source(files)).toBe('-- shared\n-- left\n\n-- right\nreturn 1\n');
});

test("core's includes are named by their path in core", () => {
  const text = source({ 'core.lua': '--- @include "@atf/core/redis/under-lock"\nreturn 1\n' });
  expect(text).toMatch(/local function lock_lost.*lock_lost\(lock, value\).*return 1\n$/s);
});

test('a missing include is an error that names it and the file that wants it', () => {
  const files = { 'outer.lua': '--- @include "./inner"\n', 'inner.lua': '--- @include "./gone"\n' };
  expect(() => source(files)).toThrow(/cannot read the Lua file .*gone\.lua, included by .*inner\.lua/);
});

test.each([
  [
    'two files',
    { 'a.lua': '--- @include "./b"\n', 'b.lua': '--- @include "./a"\n' },
    /a\.lua → .*b\.lua → .*a\.lua/,
  ],
  ['a file and itself', { 'self.lua': '--- @include "./self"\n' }, /self\.lua → .*self\.lua/],
])('%s that include each other are an error', (_, files, circle) => {
  expect(() => source(files)).toThrow(circle);
});
