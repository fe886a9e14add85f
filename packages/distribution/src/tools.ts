import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** A package that is published and has a command. */
export interface PublishedTool {
  /** The command. */
  bin: string;
  /** The package, with its scope. */
  name: string;
  version: string;
  readme: URL;
}

/** Every tool that is published. */
export const TOOLS: readonly PublishedTool[] = readdirSync(`${ROOT}/packages`).flatMap((folder) => {
  const manifest = JSON.parse(readFileSync(`${ROOT}/packages/${folder}/package.json`, 'utf8'));
  return manifest.private
    ? []
    : Object.keys(manifest.bin ?? {}).map((bin) => ({
        bin,
        name: manifest.name,
        version: manifest.version,
        readme: new URL(`../../${folder}/README.md`, import.meta.url),
      }));
});
