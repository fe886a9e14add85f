/** A changeset's text as `{ packages, summary }`, the packages without their scope. */
export function readChangeset(text) {
  const [, header, summary] = /^---\n([\s\S]*?)\n?---\n([\s\S]*)$/.exec(text);
  const packages = [...header.matchAll(/^["']?@[^/]+\/([^"':]+)["']?:/gm)].map(([, name]) => name);
  return { packages, summary: summary.trim().replaceAll('\n', '\n  ') };
}

/** The changelog with a section for a new version before all others. */
export function changelogWith(changelog, { version, changesets }) {
  const lines = changesets.map(({ packages, summary }) => `- ${packages.sort().join(', ')}: ${summary}`);
  return changelog.replace(/^## /m, () => `## ${version}\n\n${lines.join('\n')}\n\n## `);
}
