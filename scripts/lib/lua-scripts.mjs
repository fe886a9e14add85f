import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';

/** How a module names a script: by its path relative to that module. */
const NAMED = /["'`](\.{1,2}\/[^"'`$\s]*\.lua)["'`]/g;

/**
 * Writes the Lua scripts that bundled modules name beside them, each with its includes in it: a module reads
 * `new URL('./name.lua', import.meta.url)`. A script that is missing, two of one name, and a missing or circular include are
 * errors.
 */
export async function writeLuaScripts(modules, { from, to }) {
  const { readLuaSource } = await tsImport('../../packages/core/src/redis/lua-source.ts', import.meta.url);
  const paths = readdirSync(from, { recursive: true }).filter((path) => path.endsWith('.lua'));
  for (const name of namedIn(modules)) {
    const found = paths.filter((path) => basename(path) === name);
    if (found.length !== 1)
      throw new Error(`${from} has ${found.length} Lua scripts named ${name} instead of one`);
    writeFileSync(join(to, name), readLuaSource(pathToFileURL(join(from, found[0]))));
  }
}

function namedIn(modules) {
  const names = new Set();
  for (const module of modules.filter((path) => path.endsWith('.js') && existsSync(path))) {
    for (const [, named] of readFileSync(module, 'utf8').matchAll(NAMED)) {
      if (named !== `./${basename(named)}`)
        throw new Error(`${module} reads ${named}, which will not lie beside it`);
      names.add(basename(named));
    }
  }
  return names;
}
