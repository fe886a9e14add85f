import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useFolder } from '@atf/sandbox/jest';
import { beforeEach, expect, test } from '@jest/globals';
import { importScript } from '../src/scripts.js';

const { packageComplaints } = await importScript<{
  packageComplaints(folder: string, published: string[]): string[];
}>('lib/package-complaints.mjs');
const { ROOT } = await importScript<{ ROOT: string }>('lib/workspace.mjs');

const folder = useFolder();
const manifest = {
  name: 'one',
  bin: { one: 'bin/one.js' },
  exports: { '.': './dist/one.js' },
  keywords: ['redis'],
  publishConfig: { access: 'public', provenance: true },
  dependencies: { core: '1.0.0' },
};
const files = {
  'package.json': JSON.stringify(manifest),
  'README.md': '[here](#here) [there](https://example.org)',
  LICENSE: 'MIT',
  'bin/one.js': '',
  'dist/one.js': '// ../../node_modules/.pnpm/@a+b@1/node_modules/@a/b/x.js\n// ../node_modules/c/index.js\n',
  'dist/THIRD-PARTY-NOTICES.txt': 'These:\n\n@a/b 1.0.0 (MIT)\n\nc 2.0.0 (MIT)\n',
};

const write = (written: Record<string, string>) => {
  for (const [name, text] of Object.entries(written)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};
const withManifest = (changes: Record<string, unknown>) => ({
  'package.json': JSON.stringify({ ...manifest, ...changes }),
});
const complaints = () => packageComplaints(folder, ['one', 'core']);

beforeEach(() => {
  for (const name of ['bin', 'dist', 'src', 'LICENSE'])
    rmSync(join(folder, name), { recursive: true, force: true });
  write(files);
});

test('a package that is as it should be', () => {
  expect(complaints()).toEqual([]);
});

test('a package without its licence', () => {
  rmSync(join(folder, 'LICENSE'));
  expect(complaints()).toEqual(['one: LICENSE is missing']);
});

test.each([
  [{ 'src/one.ts': '' }, 'src/one.ts is packed, which nobody needs'],
  [{ 'dist/two.d.ts': `'${ROOT}/x'` }, 'dist/two.d.ts holds a path of this machine'],
  [{ 'dist/chunk-OLD.js': '' }, 'dist/chunk-OLD.js was left by an earlier build'],
  [{ 'README.md': '[there](../two)' }, 'the README links to ../two'],
  [{ 'README.md': '[there](http://example.org)' }, 'the README links to http://example.org'],
  [
    { 'dist/THIRD-PARTY-NOTICES.txt': '\n@a/b 1.0.0 (MIT)\n' },
    'c is bundled, and its licence is in no notice',
  ],
  [withManifest({ keywords: [] }), 'the manifest has no keywords'],
  [withManifest({ bin: undefined }), 'it has no bin'],
  [
    withManifest({ publishConfig: { access: 'public' } }),
    'it would not be published openly, with provenance',
  ],
  [withManifest({ devDependencies: {} }), 'the manifest has devDependencies'],
  [withManifest({ exports: { '.': './dist/one.js', './x': './src/x.ts' } }), 'the manifest names a source'],
  [withManifest({ dependencies: { core: 'workspace:*' } }), 'it depends on core workspace:*'],
  [withManifest({ dependencies: { redis: '6.3.1' } }), 'it depends on redis 6.3.1'],
])('%j', (written, complaint) => {
  write(written as Record<string, string>);
  expect(complaints()).toEqual([`one: ${complaint}`]);
});
