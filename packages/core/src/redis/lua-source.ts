import { readFileSync } from 'node:fs';

/** A line of a Lua file that includes another file, such as `--- @include "./name"` or `--- @include "@atf/core/redis/name"`. */
const INCLUDE = /^--- @include "(.+)"$/gm;
const CORE = '@atf/core/';

/**
 * Reads a Lua file and replaces each include by its file. A file that is included twice appears once, where it
 * is first needed. The build writes the result into `dist/`, so that a published script has no includes.
 * @throws Error for an include that does not exist, and for files that include each other
 */
export function readLuaSource(file: URL): string {
  return expand(file, { included: new Set(), path: [] });
}

function expand(file: URL, { included, path }: { included: Set<string>; path: readonly string[] }): string {
  if (path.includes(file.href))
    throw new Error(`Lua files include each other: ${[...path, file.href].join(' → ')}`);
  included.add(file.href);
  const within = [...path, file.href];
  return read(file, path).replace(INCLUDE, (_, name: string) => {
    const next = urlOfInclude(name, file);
    if (included.has(next.href) && !within.includes(next.href)) return '';
    return expand(next, { included, path: within }).trimEnd();
  });
}

/** Core's files are named by their path below its `src`, others relative to the file that includes them. */
function urlOfInclude(name: string, from: URL): URL {
  if (name.startsWith(CORE)) return new URL(`../${name.slice(CORE.length)}.lua`, import.meta.url);
  return new URL(`${name}.lua`, from);
}

function read(file: URL, path: readonly string[]): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(
      `cannot read the Lua file ${file.href}${path.length > 0 ? `, included by ${path.at(-1)}` : ''}`,
      {
        cause,
      },
    );
  }
}
