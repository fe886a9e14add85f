import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Copies every .lua below `from` into the folder `to`, without subfolders: bundled modules lie there side by side and
 * read `new URL('./name.lua', import.meta.url)`. Returns the names; two scripts of one name are an error.
 */
export function copyLuaScripts(from, to) {
  const names = new Set();
  for (const path of readdirSync(from, { recursive: true }).filter((path) => path.endsWith('.lua'))) {
    const name = basename(path);
    if (names.has(name))
      throw new Error(`Two Lua scripts are named ${name}; they would overwrite each other in ${to}`);
    names.add(name);
    copyFileSync(join(from, path), join(to, name));
  }
  return names;
}

/** Fails where a bundled module names, by a relative path, a script that does not lie beside it. */
export function requireLuaScriptsOf(modules, scripts) {
  for (const module of modules.filter((path) => path.endsWith('.js') && existsSync(path))) {
    for (const [, named] of readFileSync(module, 'utf8').matchAll(/["'`](\.{1,2}\/[^"'`\s]*\.lua)["'`]/g)) {
      if (named !== `./${basename(named)}` || !scripts.has(basename(named))) {
        throw new Error(`${module} reads ${named}, which does not lie beside it`);
      }
    }
  }
}
