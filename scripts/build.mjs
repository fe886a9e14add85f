/** Builds the package in the current folder into its dist/: bundles, declarations, Lua scripts, third-party licences. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { writeLuaScripts } from './lib/lua-scripts.mjs';
import { runChild } from './lib/run-child.mjs';
import { slimRedis } from './lib/slim-redis.mjs';
import { thirdPartyLicences } from './lib/third-party-licences.mjs';
import { ROOT } from './lib/workspace.mjs';

/** What is bundled in the place of a package that takes long to load. */
const LIGHTER = { 'string-width': join(ROOT, 'scripts', 'lib', 'plain-width.mjs') };
/** A tool takes zod from the copy that its @atf/core holds. */
const CORE = '@atf/core';
const SHARED = { zod: `${CORE}/zod` };
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
const [declarations] = await Promise.all([emitDeclarations(), bundle()]);
process.exitCode = declarations;

/**
 * One flat folder of modules. @atf/core bundles what it depends on, because loading that file by file doubles the time a
 * tool takes to start; a tool (it has a bin) leaves its dependencies where they are, so that one process holds one
 * @atf/core. Not minified: that saves no measurable time and makes stacks unreadable.
 */
async function bundle() {
  const { metafile } = await build({
    entryPoints: entryPoints(),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunk-[hash]',
    alias: manifest.bin ? SHARED : LIGHTER,
    plugins: manifest.bin ? [] : [slimRedis()],
    external: manifest.bin ? [CORE, `${CORE}/*`] : [],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // Bundled CommonJS modules call require() for Node's own modules.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
  });
  await writeLuaScripts(Object.keys(metafile.outputs), { from: 'src', to: 'dist' });

  const licences = thirdPartyLicences(metafile);
  if (licences) writeFileSync('dist/THIRD-PARTY-NOTICES.txt', licences);
}

/** What package.json exports, by the name of the file it becomes; a package with a bin also has src/cli.ts. */
function entryPoints() {
  const exported = Object.values(manifest.exports)
    .filter((target) => target['@atf/source'])
    .map((target) => [basename(target.default, '.js'), target['@atf/source']]);
  return Object.fromEntries(manifest.bin ? [...exported, ['cli', './src/cli.ts']] : exported);
}

/** Other packages are seen through their own declarations here, not through their sources. */
function emitDeclarations() {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  return runChild(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--customConditions', 'null']);
}
