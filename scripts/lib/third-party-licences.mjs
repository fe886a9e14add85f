import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.mjs';

/** Who holds the rights to packages that are published without their licence file: as their repositories state it. */
const HOLDERS = {
  redis: 'Copyright (c) 2022-2025, Redis, inc.',
  '@redis/': 'Copyright (c) 2022-2025, Redis, inc.',
};
const SEPARATOR = `\n${'-'.repeat(80)}\n\n`;

/** The licence texts of all packages whose code is in the bundle that esbuild's `metafile` describes; undefined for none. */
export function thirdPartyLicences(metafile) {
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = bytesInOutput > 0 && packageFolder(input);
      if (folder) folders.add(folder);
    }
  }
  if (folders.size === 0) return undefined;
  const texts = [...folders].map(licenceOf).sort();
  return ['These packages are part of the code in this folder.\n', ...texts].join(SEPARATOR);
}

function packageFolder(input) {
  return input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : licenceWithoutFile(name, license);
  return `${name} ${version} (${license})\n\n${text}\n`;
}

function licenceWithoutFile(name, license) {
  const holder = Object.entries(HOLDERS).find(([prefix]) => name.startsWith(prefix))?.[1];
  if (license !== 'MIT' || !holder)
    throw new Error(`${name} is bundled, but holds no licence text to hand on`);
  const terms = readFileSync(join(ROOT, 'LICENSE'), 'utf8').split('\n\n').slice(2).join('\n\n').trim();
  return `MIT License\n\n${holder}\n\n${terms}`;
}
