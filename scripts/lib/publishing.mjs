import { relative } from 'node:path';
import { ROOT } from './workspace.mjs';

/** The npm scope of every package. After a change, `npm run scope` writes the new one wherever the old one stands. */
export const SCOPE = '@atf';

/** The public home of this repository, such as `https://github.com/owner/name`. Without one nothing is published. */
export const REPOSITORY = undefined;

/** The folder, inside a package's folder, from which the package is packed. */
export const STAGED = 'package';

/** Why nothing may be published yet: one line each, none if all is well. */
export function obstacles({ manifests, repository = REPOSITORY }) {
  const shipped = manifests.filter((manifest) => !manifest.private);
  return [
    ...(repository
      ? []
      : ['REPOSITORY in scripts/lib/publishing.mjs is unset: the packages would name no home']),
    ...shipped
      .filter(({ name }) => !name.startsWith(`${SCOPE}/`))
      .map(({ name }) => `${name} is not in the scope ${SCOPE}: run npm run scope`),
    ...(new Set(shipped.map(({ version }) => version)).size > 1
      ? ['the packages have different versions: they are released together']
      : []),
  ];
}

/**
 * The manifest as it is published: no scripts, nothing that only development needs, no path of a source, exact versions of
 * the packages beside it.
 */
export function publishedManifest({ folder, manifest }, { version, repository = REPOSITORY }) {
  const { scripts, devDependencies, publishConfig, exports, dependencies = {}, ...kept } = manifest;
  const { directory, linkDirectory, ...published } = publishConfig;
  return {
    ...kept,
    ...(repository ? homeOf(folder, repository) : {}),
    publishConfig: published,
    exports: Object.fromEntries(
      Object.entries(exports).map(([name, target]) => [name, withoutSource(target)]),
    ),
    dependencies: Object.fromEntries(
      Object.entries(dependencies).map(([name, range]) => [name, range === 'workspace:*' ? version : range]),
    ),
  };
}

/** A README as it is published: a relative link becomes absolute or, while the repository has no home, plain text. */
export function publishedReadme(text, { folder, repository = REPOSITORY }) {
  return text.replace(/\[([^\]]+)\]\((?!https?:|#)([^)]+)\)/g, (_, label, target) => {
    if (!repository) return label;
    const url = new URL(target, `https://host/${relative(ROOT, folder)}/`);
    return `[${label}](${repository}/blob/main${url.pathname}${url.hash})`;
  });
}

function homeOf(folder, repository) {
  const directory = relative(ROOT, folder);
  return {
    homepage: `${repository}/tree/main/${directory}#readme`,
    repository: { type: 'git', url: `git+${repository}.git`, directory },
    bugs: `${repository}/issues`,
  };
}

function withoutSource(target) {
  if (typeof target === 'string') return target;
  const { [`${SCOPE}/source`]: _, ...kept } = target;
  return kept;
}
