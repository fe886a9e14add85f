import { describe, expect, test } from '@jest/globals';
import { importScript } from '../src/scripts.js';

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  [field: string]: unknown;
}
interface Publishing {
  SCOPE: string;
  REPOSITORY: string | undefined;
  obstacles(of: { manifests: Manifest[]; repository?: string }): string[];
  publishedManifest(
    of: { folder: string; manifest: Manifest },
    as: { version: string; repository?: string },
  ): Record<string, unknown>;
  publishedReadme(text: string, of: { folder: string; repository?: string }): string;
}

const { SCOPE, REPOSITORY, obstacles, publishedManifest, publishedReadme } =
  await importScript<Publishing>('lib/publishing.mjs');
const { ROOT } = await importScript<{ ROOT: string }>('lib/workspace.mjs');
const repository = 'https://git.example/someone/utilities';
const folder = `${ROOT}/packages/one`;

describe('obstacles', () => {
  const one = { name: `${SCOPE}/one`, version: '1.0.0' };

  test('none for packages of one version, in the scope, from a repository with a home', () => {
    expect(obstacles({ manifests: [one, { ...one, name: `${SCOPE}/two` }], repository })).toEqual([]);
  });

  test('the repository has no home', () => {
    const expected = REPOSITORY
      ? []
      : ['REPOSITORY in scripts/lib/publishing.mjs is unset: the packages would name no home'];
    expect(obstacles({ manifests: [one] })).toEqual(expected);
  });

  test('a package in another scope; not one that is private', () => {
    const other = { name: '@other/two', version: '1.0.0' };
    expect(obstacles({ manifests: [one, other], repository })).toEqual([
      `@other/two is not in the scope ${SCOPE}: run npm run scope`,
    ]);
    expect(obstacles({ manifests: [one, { ...other, private: true }], repository })).toEqual([]);
  });

  test('packages of different versions', () => {
    expect(obstacles({ manifests: [one, { ...one, version: '1.0.1' }], repository })).toEqual([
      'the packages have different versions: they are released together',
    ]);
  });
});

describe('the published manifest', () => {
  const manifest = {
    name: `${SCOPE}/one`,
    version: '1.0.0',
    exports: {
      '.': { [`${SCOPE}/source`]: './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    publishConfig: { access: 'public', provenance: true, directory: 'package', linkDirectory: false },
    scripts: { build: 'make' },
    dependencies: { [`${SCOPE}/core`]: 'workspace:*', other: '2.0.0' },
    devDependencies: { [`${SCOPE}/sandbox`]: 'workspace:*' },
  };
  const published = {
    name: `${SCOPE}/one`,
    version: '1.0.0',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    publishConfig: { access: 'public', provenance: true },
    dependencies: { [`${SCOPE}/core`]: '1.0.0', other: '2.0.0' },
  };

  test('has no script, no source, nothing for development, and exact versions', () => {
    expect(publishedManifest({ folder, manifest }, { version: '1.0.0' })).toEqual(published);
  });

  test('names the home of the repository, where it has one', () => {
    expect(publishedManifest({ folder, manifest }, { version: '1.0.0', repository })).toEqual({
      ...published,
      homepage: `${repository}/tree/main/packages/one#readme`,
      repository: { type: 'git', url: `git+${repository}.git`, directory: 'packages/one' },
      bugs: `${repository}/issues`,
    });
  });
});

describe('the published README', () => {
  const text = '[a](../two) [b](../two#part) [c](#here) [d](https://example.org/x) [e](../../SECURITY.md)';

  test('links to the repository', () => {
    expect(publishedReadme(text, { folder, repository })).toBe(
      [
        `[a](${repository}/blob/main/packages/two)`,
        `[b](${repository}/blob/main/packages/two#part)`,
        '[c](#here) [d](https://example.org/x)',
        `[e](${repository}/blob/main/SECURITY.md)`,
      ].join(' '),
    );
  });

  test('has no link that leads nowhere, while the repository has no home', () => {
    expect(publishedReadme(text, { folder })).toBe('a b [c](#here) [d](https://example.org/x) e');
  });
});
