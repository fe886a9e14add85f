/** Refuses to publish what is not ready for it: says why, and exits 1. Every package runs it before it is published. */
import { obstacles } from './lib/publishing.mjs';
import { workspacePackages } from './lib/workspace.mjs';

const found = obstacles({ manifests: workspacePackages().map(({ manifest }) => manifest) });
for (const obstacle of found) console.error(`Not published: ${obstacle}.`);
process.exitCode = found.length > 0 ? 1 : 0;
